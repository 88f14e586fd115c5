/* Customs: its defaults, what rules and rows may hold, and its bytes. */
#include <string.h>

#include "engine/market/codec.h"
#include "engine/market/work.h"

/* By enum market_customs_mode. */
static const int mode_numbers[CUSTOMS_MODES] = {110, 9610, 9710, 9810, 1210};
static const char mode_list[] = "0110, 9610, 9710, 9810, 1210";

int market_customs_mode_find(int64_t number)
{
    for (int mode = 0; mode < CUSTOMS_MODES; mode++)
        if (mode_numbers[mode] == number)
            return mode;
    return -1;
}

int market_customs_mode_number(enum market_customs_mode mode)
{
    return mode_numbers[mode];
}

enum err market_customs_row_check(const struct market_row *row, struct problem *problem)
{
    if (market_row_has(row, F_customs_mode)) {
        int64_t number = market_row_number(row, F_customs_mode);
        if (market_customs_mode_find(number) < 0) {
            problem_set(problem, ERR_CHOICE, ERR_INT(number), ERR_CTEXT(mode_list));
            return problem_place(problem, "mode");
        }
    }
    if (!market_row_has(row, F_customs_hs6))
        return ERR_OK;
    struct str text = row->value[market_field_index(LIST_customs, F_customs_hs6)].text;
    bool digits = text.length == 6;
    for (size_t i = 0; i < text.length; i++)
        digits = digits && text.text[i] >= '0' && text.text[i] <= '9';
    if (digits)
        return ERR_OK;
    problem_set(problem, ERR_HS6_BAD, ERR_TEXT(text));
    return problem_place(problem, "hs6");
}

enum err market_customs_claim_check(const struct market_row *row, struct problem *problem)
{
    if (market_row_has(row, F_refund_claims_amount))
        return ERR_OK;
    problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT("amount"));
    return problem_place(problem, "amount");
}

static enum err within(int64_t value, int64_t least, int64_t most, const char *field,
                       struct problem *problem)
{
    if (value >= least && value <= most)
        return ERR_OK;
    problem_set(problem, ERR_RANGE, ERR_INT(value), ERR_INT(least), ERR_INT(most));
    return problem_place(problem, "customs.%s", field);
}

/* Shown in millionths; also refuses what is not a number. */
static enum err share_within(double value, double least, double most, const char *field,
                             struct problem *problem)
{
    if (value >= least && value <= most)
        return ERR_OK;
    int64_t shown = value > -1e12 && value < 1e12 ? (int64_t)(value * 1e6) : INT64_MAX;
    problem_set(problem, ERR_RANGE, ERR_DECIMAL(shown, 6), ERR_DECIMAL((int64_t)(least * 1e6), 6),
                ERR_DECIMAL((int64_t)(most * 1e6), 6));
    return problem_place(problem, "customs.%s", field);
}

enum { FEE_MAX = 1000000000 };

enum err market_customs_rules_check(const struct market_customs_rules *rules,
                                    struct problem *problem)
{
    if (!rules->open)
        return ERR_OK;
    TRY(within(rules->refund_rate_1e9, 0, RATE_ONE, "refund_rate", problem));
    TRY(within(rules->input_tax_rate_1e9, 0, RATE_ONE, "input_tax_rate", problem));
    for (int mode = 0; mode < CUSTOMS_MODES; mode++) {
        TRY(within(rules->refund_days[mode], -1, REFUND_RING - 1, "refund_days", problem));
        TRY(within(rules->entry_fee_minor[mode], 0, FEE_MAX, "entry_fee", problem));
    }
    TRY(within(rules->hold_days, 0, 60, "hold_days", problem));
    TRY(within(rules->penalty_rate_1e9, 0, INT64_C(10) * RATE_ONE, "penalty_rate", problem));
    TRY(within(rules->vat_fee_minor, 0, FEE_MAX, "vat_fee", problem));
    TRY(within(rules->ioss_fee_minor, 0, FEE_MAX, "ioss_fee", problem));
    TRY(share_within(rules->hold_rate, 0, 1, "hold_rate", problem));
    TRY(within(rules->penalty_least_minor, 0, FEE_MAX, "penalty_least", problem));
    TRY(within(rules->seizure_from, 0, 1000, "seizure_from", problem));
    TRY(share_within(rules->undervalue_rate, 0, 1, "undervalue_rate", problem));
    TRY(share_within(rules->undervalue_slope, 0, 10, "undervalue_slope", problem));
    TRY(share_within(rules->repeat_rate, 0, 1, "repeat_rate", problem));
    TRY(share_within(rules->misclass_rate, 0, 1, "misclass_rate", problem));
    return share_within(rules->no_ioss_u, -3, 0, "no_ioss_u", problem);
}

static void code_hs6(struct market_codec *codec, char hs6[8])
{
    for (int i = 0; i < 6; i++) {
        uint8_t byte = (uint8_t)hs6[i];
        codec_u8(codec, &byte, '9');
        if (byte != 0 && byte < '0')
            codec->damaged = true;
        hs6[i] = (char)byte;
    }
}

void market_customs_code_declaration(struct market_codec *codec,
                                     struct market_customs_declaration *declaration)
{
    codec_int(codec, &declaration->mode, 0, CUSTOMS_MODES);
    codec_i64(codec, &declaration->declared_minor);
    code_hs6(codec, declaration->hs6);
    codec_i64(codec, &declaration->provisional.units);
    codec_i64(codec, &declaration->provisional.refund_minor);
    codec_i64(codec, &declaration->final.units);
    codec_i64(codec, &declaration->final.refund_minor);
    codec_i64(codec, &declaration->open_minor);
}

void market_customs_code_firm(struct market_codec *codec, struct market_customs_firm *firm)
{
    codec_bool(codec, &firm->ioss);
    codec_bool(codec, &firm->vat);
    for (int mode = 0; mode < CUSTOMS_MODES; mode++)
        codec_i64(codec, &firm->refund_open_minor[mode]);
    codec_int(codec, &firm->found, 0, 1000);
    codec_int(codec, &firm->gross, 0, 1000);
    codec_f64(codec, &firm->watch);
    codec_i64(codec, &firm->evaded_minor);
    if (firm->evaded_minor < 0 || !(firm->watch >= 0 && firm->watch <= 1000))
        codec->damaged = true;
}

/* Sparse: a mask of the days on which something is paid, then those. */
void market_customs_code_refunds(struct market_codec *codec, struct market_firm *firm)
{
    uint64_t mask = 0;
    for (int d = 0; d < REFUND_RING; d++)
        if (firm->refunds_minor[d] != 0)
            mask |= UINT64_C(1) << d;
    codec_u64(codec, &mask);
    for (int d = 0; d < REFUND_RING; d++)
        if ((mask >> d) & 1)
            codec_i64(codec, &firm->refunds_minor[d]);
}

void market_customs_code_shipment(struct market_codec *codec, struct market_shipment *shipment)
{
    codec_bool(codec, &shipment->found);
    codec_i64(codec, &shipment->declared_share_1e9);
    code_hs6(codec, shipment->declared_hs6);
}

void market_customs_defaults(struct market_customs_rules *rules, int64_t usd_minor)
{
    /* All assumed but the rates of VAT and refund; docs/model-level2.md says what they rest on. */
    *rules = (struct market_customs_rules){.open = true,
                                           .refund_rate_1e9 = 130000000,
                                           .input_tax_rate_1e9 = 130000000,
                                           .refund_days = {[CUSTOMS_0110] = 30,
                                                           [CUSTOMS_9610] = 20,
                                                           [CUSTOMS_9710] = 25,
                                                           [CUSTOMS_9810] = 10,
                                                           [CUSTOMS_1210] = 15},
                                           .entry_fee_minor = {[CUSTOMS_0110] = 40 * usd_minor,
                                                               [CUSTOMS_9610] = 1 * usd_minor,
                                                               [CUSTOMS_9710] = 30 * usd_minor,
                                                               [CUSTOMS_9810] = 50 * usd_minor,
                                                               [CUSTOMS_1210] = 4 * usd_minor},
                                           .hold_rate = 0.03,
                                           .hold_days = 5,
                                           .undervalue_rate = 0.15,
                                           .undervalue_slope = 0.6,
                                           .misclass_rate = 0.2,
                                           .repeat_rate = 0.15,
                                           .penalty_rate_1e9 = 3 * (int64_t)RATE_ONE,
                                           .penalty_least_minor = 30 * usd_minor,
                                           .seizure_from = 3,
                                           .vat_fee_minor = 30 * usd_minor,
                                           .ioss_fee_minor = 20 * usd_minor,
                                           .no_ioss_u = -0.15};
}
