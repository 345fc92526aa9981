using System.Numerics;

namespace Touchstone.Vision.Imaging;

/// <summary>The projective map of four points: 3×3, row by row, last entry 1. Pure.</summary>
internal static class Homography
{
    /// <summary>The map from the plane of the corners (top left, top right, bottom right, bottom left) to a rectangle of that size.</summary>
    internal static double[] Between(ReadOnlySpan<Vector2> corners, double width, double height)
    {
        ReadOnlySpan<double> us = [0, width, width, 0];
        ReadOnlySpan<double> vs = [0, 0, height, height];
        double[,] system = new double[8, 9];
        for (int i = 0; i < 4; i++)
        {
            double x = corners[i].X;
            double y = corners[i].Y;
            ReadOnlySpan<double> forU = [x, y, 1, 0, 0, 0, -x * us[i], -y * us[i], us[i]];
            ReadOnlySpan<double> forV = [0, 0, 0, x, y, 1, -x * vs[i], -y * vs[i], vs[i]];
            for (int c = 0; c < 9; c++) (system[2 * i, c], system[(2 * i) + 1, c]) = (forU[c], forV[c]);
        }

        return Solve(system);
    }

    internal static (double U, double V) Apply(double[] map, double x, double y)
    {
        double w = (map[6] * x) + (map[7] * y) + map[8];
        return (((map[0] * x) + (map[1] * y) + map[2]) / w, ((map[3] * x) + (map[4] * y) + map[5]) / w);
    }

    /// <summary>Gauss–Jordan elimination with row pivots.</summary>
    private static double[] Solve(double[,] system)
    {
        for (int column = 0; column < 8; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < 8; row++)
                if (Math.Abs(system[row, column]) > Math.Abs(system[pivot, column])) pivot = row;
            if (Math.Abs(system[pivot, column]) < 1e-12) throw new ArgumentException("The corners span no quadrilateral.");
            for (int c = 0; c < 9; c++) (system[column, c], system[pivot, c]) = (system[pivot, c], system[column, c]);
            for (int row = 0; row < 8; row++)
            {
                if (row == column) continue;
                double factor = system[row, column] / system[column, column];
                for (int c = column; c < 9; c++) system[row, c] -= factor * system[column, c];
            }
        }

        double[] map = new double[9];
        for (int i = 0; i < 8; i++) map[i] = system[i, 8] / system[i, i];
        map[8] = 1;
        return map;
    }
}
