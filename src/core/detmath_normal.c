/* The normal distribution. */
#include <math.h>

#include "core/detmath.h"
#include "core/detmath_parts.h"
#include "core/rng.h"

/* Horner, highest coefficient first in `c`. */
static inline double horner(double x, const double *c, int count)
{
    double sum = c[0];
    for (int i = 1; i < count; i++)
        sum = sum * x + c[i];
    return sum;
}

/* e^(-x^2/2), with x^2 split so that large squares keep their last bits. */
static double half_square_exp(double x)
{
    double head = (double)(int)(x * 16.0) * 0.0625;
    double rest = (x - head) * (x + head);
    return dm_exp(-0.5 * head * head) * dm_exp(-0.5 * rest);
}

/* Source: W. J. Cody 1969, "Rational Chebyshev approximations for the error function", Mathematics
 * of Computation 23, in the form for the normal distribution of Cody 1993, algorithm 715. */
double dm_normal_cdf(double x)
{
    static const double centre_top[] = {
        0.065682337918207449113, 2.2352520354606839287, 161.02823106855587881,
        1067.6894854603709582,   18154.981253343561249,
    };
    static const double centre_bottom[] = {
        1.0,
        47.20258190468824187,
        976.09855173777669322,
        10260.932208618978205,
        45507.789335026729956,
    };
    static const double middle_top[] = {
        1.0765576773720192317e-8, 0.39894151208813466764, 8.8831497943883759412,
        93.506656132177855979,    597.27027639480026226,  2494.5375852903726711,
        6848.1904505362823326,    11602.651437647350124,  9842.7148383839780218,
    };
    static const double middle_bottom[] = {
        1.0,
        22.266688044328115691,
        235.38790178262499861,
        1519.377599407554805,
        6485.558298266760755,
        18615.571640885098091,
        34900.952721145977266,
        38912.003286093271411,
        19685.429676859990727,
    };
    static const double tail_top[] = {
        0.023073441764940173, 0.21589853405795699,     0.1274011611602473639,
        0.022235277870649807, 0.001421619193227893466, 2.9112874951168792e-5,
    };
    static const double tail_bottom[] = {
        1.0,
        1.28426009614491121,
        0.468238212480865118,
        0.0659881378689285515,
        0.00378239633202758244,
        7.29751555083966205e-5,
    };
    const double inverse_root_two_pi = 0x1.9884533d43651p-2;
    if (x != x)
        return DM_NAN;
    double y = double_abs(x);
    if (y <= 0.67448975) {
        double square = x * x;
        return 0.5 + x * horner(square, centre_top, 5) / horner(square, centre_bottom, 5);
    }
    double tail = 0.0;
    if (y <= 5.656854249492380195) {
        tail = half_square_exp(y) * (horner(y, middle_top, 9) / horner(y, middle_bottom, 9));
    } else if (y < 39.0) {
        double inverse = 1.0 / (y * y);
        double fraction = inverse * horner(inverse, tail_top, 6) / horner(inverse, tail_bottom, 6);
        tail = half_square_exp(y) * ((inverse_root_two_pi - fraction) / y);
    }
    return x > 0.0 ? 1.0 - tail : tail;
}

double dm_normal_quantile(double p)
{
    static const double centre_top[] = {
        2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4,
        4.5921953931549871457e+4, 1.3731693765509461125e+4, 1.9715909503065514427e+3,
        1.3314166789178437745e+2, 3.3871328727963666080e+0,
    };
    static const double centre_bottom[] = {
        5.2264952788528545610e+3, 2.8729085735721942674e+4,
        3.9307895800092710610e+4, 2.1213794301586595867e+4,
        5.3941960214247511077e+3, 6.8718700749205790830e+2,
        4.2313330701600911252e+1, 1.0,
    };
    static const double near_top[] = {
        7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
        1.27045825245236838258e+0, 3.64784832476320460504e+0, 5.76949722146069140550e+0,
        4.63033784615654529590e+0, 1.42343711074968357734e+0,
    };
    static const double near_bottom[] = {
        1.05075007164441684324e-9, 5.47593808499534494600e-4,
        1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940e+0,
        2.05319162663775882187e+0, 1.0,
    };
    static const double far_top[] = {
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
        2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e+0,
        5.46378491116411436990e+0, 6.65790464350110377720e+0,
    };
    static const double far_bottom[] = {
        2.04426310338993978564e-15, 1.42151175831644588870e-7,
        1.84631831751005468180e-5,  7.86869131145613259100e-4,
        1.48753612908506148525e-2,  1.36929880922735805310e-1,
        5.99832206555887937690e-1,  1.0,
    };
    double q = p - 0.5;
    if (double_abs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return q * horner(r, centre_top, 8) / horner(r, centre_bottom, 8);
    }
    double tail = q < 0.0 ? p : 1.0 - p;
    if (!(tail > 0.0)) {
        if (tail != 0.0)
            return DM_NAN;
        return q < 0.0 ? -DM_INFINITE : DM_INFINITE;
    }
    double r = sqrt(-dm_log(tail));
    double value;
    if (r <= 5.0)
        value = horner(r - 1.6, near_top, 8) / horner(r - 1.6, near_bottom, 8);
    else
        value = horner(r - 5.0, far_top, 8) / horner(r - 5.0, far_bottom, 8);
    return q < 0.0 ? -value : value;
}

double dm_normal_from_word(uint64_t word)
{
    return dm_normal_quantile(rng_uniform(word));
}
