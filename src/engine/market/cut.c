#include "engine/market/cut.h"

#include "core/arena.h"

void market_cut_renewal(const struct market_table *table, double close, int64_t most, double *r)
{
    r[0] = 1.0;
    for (int64_t u = 1; u <= most; u++) {
        double sum = close;
        for (int i = 0; i < table->count && table->value[i] <= u; i++)
            sum += table->weight[i] * r[u - table->value[i]];
        r[u] = sum;
    }
}

struct market_cut market_cut_make(struct arena *arena, const struct market_table *table,
                                  int64_t most)
{
    struct market_cut cut = {.table = table, .known = most < CUT_EXACT ? most : CUT_EXACT};
    double *r = ARENA_ARRAY(arena, double, (size_t)cut.known + 1);
    market_cut_renewal(table, CUT_CLOSE, cut.known, r);
    cut.r = r;
    return cut;
}

int64_t market_cut_draw(const struct market_cut *cut, int64_t left, double u)
{
    const struct market_table *table = cut->table;
    bool exact = left <= cut->known;
    double aim = exact ? u * cut->r[left] : u;
    double sum = 0.0;
    for (int i = 0; i < table->count && table->value[i] <= left; i++) {
        sum += exact ? table->weight[i] * cut->r[left - table->value[i]] : table->weight[i];
        if (aim < sum)
            return table->value[i];
    }
    return left;
}
