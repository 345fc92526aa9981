namespace Touchstone.Recognition.Calibration;

/// <summary>Log odds of a probability and back; probabilities are kept within 1e-9 of 0 and 1. Pure.</summary>
public static class LogOdds
{
    public static double Of(double probability)
    {
        double p = Math.Clamp(probability, 1e-9, 1 - 1e-9);
        return Math.Log(p / (1 - p));
    }

    public static double ToProbability(double odds) => 1 / (1 + Math.Exp(-odds));
}
