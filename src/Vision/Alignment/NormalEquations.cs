namespace Touchstone.Vision.Alignment;

/// <summary>Solves normal equations: a symmetric positive definite matrix with its right-hand sides beside it. Pure.</summary>
internal static class NormalEquations
{
    /// <summary>Gauss and Jordan's elimination in place: each right-hand side becomes its solution. A ridge keeps the matrix positive definite, so that no row need be exchanged.</summary>
    public static void Solve(double[,] system)
    {
        int unknowns = system.GetLength(0), width = system.GetLength(1);
        for (int pivot = 0; pivot < unknowns; pivot++)
        {
            double by = system[pivot, pivot];
            for (int column = 0; column < width; column++) system[pivot, column] /= by;
            for (int row = 0; row < unknowns; row++)
            {
                double factor = row == pivot ? 0 : system[row, pivot];
                if (factor == 0) continue;
                for (int column = 0; column < width; column++) system[row, column] -= factor * system[pivot, column];
            }
        }
    }
}
