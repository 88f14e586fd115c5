#include "app/training/calibrate_publish.h"

#include <math.h>

#include "core/detmath.h"

#define TABLE_STEP 1e-4
#define HOUR_STEP 1e-3
#define NEXT_TO_NOTHING 1e-6
#define LOG10_E 0.4342944819032518 /* log10 of e */

/* 10^exponent, exact to 22. */
static double power_of_ten(int exponent)
{
    double power = 1.0;
    for (int i = 0; i < exponent; i++)
        power *= 10.0;
    return power;
}

double calibrate_round(double value)
{
    if (value == 0.0 || !isfinite(value))
        return value;
    int decimals = 3 - (int)floor(dm_log(fabs(value)) * LOG10_E);
    if (decimals < 0)
        return round(value / power_of_ten(-decimals)) * power_of_ten(-decimals);
    return round(value * power_of_ten(decimals)) / power_of_ten(decimals);
}

int64_t calibrate_round_count(int64_t count)
{
    int64_t step = 1;
    while (count / step >= 100)
        step *= 10;
    return (count + step / 2) / step * step;
}

static void table_remove(struct market_table *table, int at)
{
    table->count--;
    for (int i = at; i < table->count; i++) {
        table->value[i] = table->value[i + 1];
        table->weight[i] = table->weight[i + 1];
    }
}

/* An entry of too few rows joins its lower neighbour (the first one its upper). Where values stand
 * for spans of days, the span belongs to the upper end, so there it joins upwards. */
static void join_small(struct market_table *table, double least, bool spans)
{
    for (int i = table->count - 1; i >= 0 && table->count > 1; i--) {
        if (table->weight[i] >= least)
            continue;
        bool up = (spans && i + 1 < table->count) || i == 0;
        int into = up ? i + 1 : i - 1;
        table->weight[into] += table->weight[i];
        if (spans && !up) /* the last span grows to this end */
            table->value[into] = table->value[i];
        table_remove(table, i);
    }
}

static void put_rest_on_largest(double *weight, int count)
{
    double sum = 0.0;
    int largest = 0;
    for (int i = 0; i < count; i++) {
        sum += weight[i];
        largest = weight[i] > weight[largest] ? i : largest;
    }
    if (count > 0)
        weight[largest] += 1.0 - sum;
}

void calibrate_publish_table(struct market_table *table, double rows, bool spans)
{
    if (rows > 0.0)
        join_small(table, CALIBRATE_ROWS_LEAST / rows, spans);
    for (int i = 0; i < table->count; i++) {
        double weight = TABLE_STEP * round(table->weight[i] / TABLE_STEP);
        table->weight[i] = weight > 0.0 ? weight : NEXT_TO_NOTHING;
    }
    put_rest_on_largest(table->weight, table->count);
}

void calibrate_publish_hours(double weight[24])
{
    for (int hour = 0; hour < 24; hour++)
        weight[hour] = HOUR_STEP * round(weight[hour] / HOUR_STEP);
    put_rest_on_largest(weight, 24);
}
