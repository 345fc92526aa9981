namespace Touchstone.Evaluation;

public static class RetrievalEvaluation
{
}
