#include "engine/market/baskets.h"

double market_table_mean(const struct market_table *table)
{
    double sum = 0.0;
    for (int i = 0; i < table->count; i++)
        sum += table->weight[i] * table->value[i];
    return sum;
}

static struct market_table table_of_one(void)
{
    return (struct market_table){.count = 1, .value = {1}, .weight = {1.0}};
}

struct market_baskets market_baskets_default(void)
{
    struct market_baskets baskets = {.units_per_line = table_of_one(),
                                     .lines_per_order = table_of_one()};
    for (int hour = 8; hour < 22; hour++)
        baskets.hour_weight[hour] = 1.0 / 14.0;
    return baskets;
}

static bool is_weight(double weight)
{
    return weight >= 0.0 && weight <= 1.0; /* false for NaN */
}

static bool sum_is_one(double sum)
{
    return sum > 1.0 - 1e-6 && sum < 1.0 + 1e-6;
}

/* A number for a message: a decimal with six digits, whatever was given. */
static struct err_arg decimal_arg(double value)
{
    double clipped = value > -1e9 && value < 1e9 ? value : 1e9;
    return ERR_DECIMAL((int64_t)(clipped * 1e6), 6);
}

static enum err refuse_weight(double weight, const char *table, int i, struct problem *problem)
{
    problem_set(problem, ERR_RANGE, decimal_arg(weight), ERR_INT(0), ERR_INT(1));
    return problem_place(problem, "%s.weight[%d]", table, i);
}

static enum err check_table(const struct market_table *table, const char *name, int32_t most,
                            struct problem *problem)
{
    if (table->count < 1 || table->count > MARKET_TABLE_MAX) {
        problem_set(problem, ERR_RANGE, ERR_INT(table->count), ERR_INT(1),
                    ERR_INT(MARKET_TABLE_MAX));
        return problem_place(problem, "%s", name);
    }
    double sum = 0.0;
    for (int i = 0; i < table->count; i++) {
        int32_t least = i > 0 ? table->value[i - 1] + 1 : 1;
        if (table->value[i] < least || table->value[i] > most) {
            problem_set(problem, ERR_RANGE, ERR_INT(table->value[i]), ERR_INT(least),
                        ERR_INT(most));
            return problem_place(problem, "%s.value[%d]", name, i);
        }
        if (!is_weight(table->weight[i]) || table->weight[i] <= 0.0)
            return refuse_weight(table->weight[i], name, i, problem);
        sum += table->weight[i];
    }
    return sum_is_one(sum) ? ERR_OK : refuse_weight(sum, name, table->count, problem);
}

enum err market_baskets_check(const struct market_baskets *baskets, struct problem *problem)
{
    TRY(check_table(&baskets->units_per_line, "units_per_line", MARKET_BASKET_UNITS_MAX, problem));
    TRY(check_table(&baskets->lines_per_order, "lines_per_order", MARKET_BASKET_UNITS_MAX,
                    problem));
    if (!is_weight(baskets->repeat_rate) || baskets->repeat_rate > 0.95) {
        problem_set(problem, ERR_RANGE, decimal_arg(baskets->repeat_rate), ERR_INT(0),
                    ERR_DECIMAL(95, 2));
        return problem_place(problem, "repeat_rate");
    }
    if (baskets->repeat_rate > 0.0 || baskets->repeat_gap_days.count > 0)
        TRY(check_table(&baskets->repeat_gap_days, "repeat_gap_days", MARKET_GAP_DAYS_MAX,
                        problem));
    double sum = 0.0;
    for (int hour = 0; hour < 24; hour++) {
        if (!is_weight(baskets->hour_weight[hour]))
            return refuse_weight(baskets->hour_weight[hour], "hour", hour, problem);
        sum += baskets->hour_weight[hour];
    }
    if (!sum_is_one(sum))
        return refuse_weight(sum, "hour", 24, problem);
    return ERR_OK;
}
