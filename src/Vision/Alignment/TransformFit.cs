namespace Touchstone.Vision.Alignment;

/// <summary>Least-squares transforms from point pairs. Points are centred and scaled first, which keeps the equations well conditioned.</summary>
internal static class TransformFit
{
    /// <summary>Four parameters; at least two pairs. Null if the points fall together.</summary>
    public static PlaneTransform? Similarity(PairedPoints points, ReadOnlySpan<int> chosen)
    {
        (double fx, double fy, double tx, double ty) = Centres(points, chosen);
        (double real, double imaginary, double square) = (0, 0, 0);
        foreach (int i in chosen)
        {
            (double rx, double ry) = (points.ReferenceX[i] - fx, points.ReferenceY[i] - fy);
            (double qx, double qy) = (points.QueryX[i] - tx, points.QueryY[i] - ty);
            real += (rx * qx) + (ry * qy);
            imaginary += (rx * qy) - (ry * qx);
            square += (rx * rx) + (ry * ry);
        }
        if (square < 1e-6) return null;
        (double a, double d) = (real / square, imaginary / square);
        return new PlaneTransform(a, -d, tx - (a * fx) + (d * fy), d, a, ty - (d * fx) - (a * fy), 0, 0);
    }

    /// <summary>Six parameters; at least three pairs. Null if the points lie nearly on a line.</summary>
    public static PlaneTransform? Affine(PairedPoints points, ReadOnlySpan<int> chosen)
    {
        (double fx, double fy, double tx, double ty) = Centres(points, chosen);
        (double xx, double xy, double yy, double xu, double yu, double xv, double yv) = (0, 0, 0, 0, 0, 0, 0);
        foreach (int i in chosen)
        {
            (double rx, double ry) = (points.ReferenceX[i] - fx, points.ReferenceY[i] - fy);
            (double qx, double qy) = (points.QueryX[i] - tx, points.QueryY[i] - ty);
            xx += rx * rx;
            xy += rx * ry;
            yy += ry * ry;
            xu += rx * qx;
            yu += ry * qx;
            xv += rx * qy;
            yv += ry * qy;
        }
        double determinant = (xx * yy) - (xy * xy);
        // The determinant over the squared half trace is small where one principal axis of the points is much shorter than the other.
        if (determinant < 0.01 * (xx + yy) * (xx + yy) / 4) return null;
        double a = ((xu * yy) - (yu * xy)) / determinant;
        double b = ((yu * xx) - (xu * xy)) / determinant;
        double d = ((xv * yy) - (yv * xy)) / determinant;
        double e = ((yv * xx) - (xv * xy)) / determinant;
        return new PlaneTransform(a, b, tx - (a * fx) - (b * fy), d, e, ty - (d * fx) - (e * fy), 0, 0);
    }

    /// <summary>Eight parameters; at least four pairs. Null if the equations have no single solution.</summary>
    public static PlaneTransform? Homography(PairedPoints points, ReadOnlySpan<int> chosen)
    {
        (double fx, double fy, double tx, double ty) = Centres(points, chosen);
        (double fs, double ts) = (0, 0);
        foreach (int i in chosen)
        {
            fs += Math.Abs(points.ReferenceX[i] - fx) + Math.Abs(points.ReferenceY[i] - fy);
            ts += Math.Abs(points.QueryX[i] - tx) + Math.Abs(points.QueryY[i] - ty);
        }
        if (fs < 1e-6 || ts < 1e-6) return null;
        (fs, ts) = (chosen.Length / fs, chosen.Length / ts);
        double[,] normal = new double[8, 9];
        Span<double> first = stackalloc double[9];
        Span<double> second = stackalloc double[9];
        foreach (int i in chosen)
        {
            (double x, double y) = ((points.ReferenceX[i] - fx) * fs, (points.ReferenceY[i] - fy) * fs);
            (double u, double v) = ((points.QueryX[i] - tx) * ts, (points.QueryY[i] - ty) * ts);
            (first[0], first[1], first[2], first[6], first[7], first[8]) = (x, y, 1, -u * x, -u * y, u);
            (second[3], second[4], second[5], second[6], second[7], second[8]) = (x, y, 1, -v * x, -v * y, v);
            for (int row = 0; row < 8; row++)
                for (int column = row; column < 9; column++)
                    normal[row, column] += (first[row] * first[column]) + (second[row] * second[column]);
        }
        for (int row = 1; row < 8; row++)
            for (int column = 0; column < row; column++) normal[row, column] = normal[column, row];
        if (!Solve(normal)) return null;
        return Unscaled(normal, fx, fy, fs, tx, ty, ts);
    }

    private static (double FromX, double FromY, double ToX, double ToY) Centres(PairedPoints points, ReadOnlySpan<int> chosen)
    {
        (double fx, double fy, double tx, double ty) = (0, 0, 0, 0);
        foreach (int i in chosen)
        {
            fx += points.ReferenceX[i];
            fy += points.ReferenceY[i];
            tx += points.QueryX[i];
            ty += points.QueryY[i];
        }
        return (fx / chosen.Length, fy / chosen.Length, tx / chosen.Length, ty / chosen.Length);
    }

    /// <summary>Gaussian elimination with row pivots; the last column becomes the solution.</summary>
    private static bool Solve(double[,] system)
    {
        const int size = 8;
        for (int pivot = 0; pivot < size; pivot++)
        {
            int best = pivot;
            for (int row = pivot + 1; row < size; row++)
                if (Math.Abs(system[row, pivot]) > Math.Abs(system[best, pivot])) best = row;
            if (Math.Abs(system[best, pivot]) < 1e-9) return false;
            for (int column = 0; column <= size; column++)
                (system[pivot, column], system[best, column]) = (system[best, column], system[pivot, column]);
            for (int row = 0; row < size; row++)
            {
                if (row == pivot) continue;
                double factor = system[row, pivot] / system[pivot, pivot];
                for (int column = pivot; column <= size; column++) system[row, column] -= factor * system[pivot, column];
            }
        }
        for (int row = 0; row < size; row++) system[row, size] /= system[row, row];
        return true;
    }

    /// <summary>Undoes the centring and scaling: target shift · solution · source shift, divided so that the last element is 1.</summary>
    private static PlaneTransform? Unscaled(double[,] solved, double fx, double fy, double fs, double tx, double ty, double ts)
    {
        Span<double> h = [solved[0, 8], solved[1, 8], solved[2, 8], solved[3, 8], solved[4, 8], solved[5, 8], solved[6, 8], solved[7, 8], 1];
        for (int row = 0; row < 3; row++)
        {
            h[(row * 3) + 2] -= fs * ((h[row * 3] * fx) + (h[(row * 3) + 1] * fy));
            h[row * 3] *= fs;
            h[(row * 3) + 1] *= fs;
        }
        for (int column = 0; column < 3; column++)
        {
            h[column] = (h[column] / ts) + (tx * h[6 + column]);
            h[3 + column] = (h[3 + column] / ts) + (ty * h[6 + column]);
        }
        double w = h[8];
        if (Math.Abs(w) < 1e-9) return null;
        return new PlaneTransform(h[0] / w, h[1] / w, h[2] / w, h[3] / w, h[4] / w, h[5] / w, h[6] / w, h[7] / w);
    }
}
