/* The result of a round or of a run, opened by the journal. */
#include "app/training/explain_figures.h"
#include "app/training/run_cells.h"
#include "core/arena.h"

static const enum market_account line_accounts[PL_COUNT] = {
    [PL_REVENUE] = ACCOUNT_REVENUE,       [PL_COGS] = ACCOUNT_COGS,
    [PL_REFERRAL] = ACCOUNT_REFERRAL,     [PL_FULFILMENT] = ACCOUNT_FULFILMENT,
    [PL_STORAGE] = ACCOUNT_STORAGE,       [PL_ADS] = ACCOUNT_ADS,
    [PL_WRITE_OFF] = ACCOUNT_WRITE_OFF,   [PL_PAYROLL] = ACCOUNT_PAYROLL,
    [PL_INTEREST] = ACCOUNT_INTEREST,     [PL_INSPECTION] = ACCOUNT_INSPECTION,
    [PL_CONVERSION] = ACCOUNT_CONVERSION, [PL_PENALTY] = ACCOUNT_PENALTY,
};

enum market_account explain_line_account(enum market_pl line)
{
    return line_accounts[line];
}

/* Add what an entry did to the account, income positive. */
static void add_entry(const struct market_rules *rules, const struct market_entry *entry,
                      struct explain_profit *profit)
{
    int64_t home = history_home(rules, entry->currency, entry->day, entry->amount_minor);
    for (int l = 0; l < PL_COUNT; l++) {
        int sign = (entry->credit == line_accounts[l]) - (entry->debit == line_accounts[l]);
        profit->parts[l][entry->reason] += sign * home;
        profit->local[l][entry->reason][entry->currency] += sign * entry->amount_minor;
    }
}

void explain_profit_get(const struct history *history, int firm, int first, int last,
                        struct explain_profit *profit)
{
    const struct history_round *rounds = history->kept[firm];
    *profit = (struct explain_profit){.before_minor = rounds[first - 1].equity_minor,
                                      .after_minor = rounds[last].equity_minor};
    for (int r = first; r <= last; r++) {
        for (int l = 0; l < PL_COUNT; l++)
            profit->lines[l] += rounds[r].pl_minor[l];
        for (int i = 0; i < rounds[r].entry_count; i++)
            add_entry(&history->play.rules, &rounds[r].entries[i], profit);
    }
    for (int l = 0; l < PL_COUNT; l++) {
        profit->rest[l] = profit->lines[l];
        for (int reason = 0; reason < REASON_COUNT; reason++)
            profit->rest[l] -= profit->parts[l][reason];
        profit->result_minor += profit->lines[l];
    }
}

/* ---- telling ---- */

/* Papers, responsible persons and service stand on one account with inspections. */
static const char *line_name(int line)
{
    return line == PL_INSPECTION ? N_("inspections, papers and service")
                                 : market_account_name(line_accounts[line]);
}

void explain_administration_append(const struct explain_asked *asked)
{
    const struct history_round *rounds = asked->history->kept[asked->firm];
    int32_t start = asked->history->play.rules.start_date, day = -1;
    for (int r = 1; r <= asked->last && day < 0; r++)
        day = rounds[r].administration_day;
    if (day < 0)
        return;
    text_put(asked->text, asked->lang,
             rounds[asked->last].in_administration
                 ? N_("Firm {0} is under administration since {1}: its cash had fallen below the "
                      "overdraft limit.")
                 : N_("Firm {0} was under administration from {1}, for a time: its cash had fallen "
                      "below the overdraft limit."),
             ERR_INT(asked->firm + 1), ERR_DATE(start + day));
    buf_append_byte(asked->text, '\n');
}

/* Export tax that can be claimed is in the books only once it is. */
static void append_claims(const struct explain_asked *asked)
{
    int64_t open = asked->history->kept[asked->firm][asked->last].claims_open_minor;
    struct currency home = asked->history->play.rules.currencies[0];
    if (open <= 0)
        return;
    text_put(asked->text, asked->lang,
             N_("Export tax of {0} {1} can still be claimed; it counts only once it is."),
             run_cells_money(open, home), ERR_CTEXT(home.code));
    buf_append_byte(asked->text, '\n');
}

enum { COLUMN_LINE, COLUMN_REASON, COLUMN_LOCAL, COLUMN_HOME, COLUMNS };

static void put_local(struct run_table *table, const struct market_rules *rules,
                      const int64_t *local)
{
    struct buf text;
    buf_init(&text);
    for (int c = 0; c < rules->currency_count; c++) {
        if (local[c] == 0)
            continue;
        if (text.length > 0)
            buf_append_c(&text, ", ");
        money_append(&text, local[c], rules->currencies[c]);
        buf_format(&text, " %s", rules->currencies[c].code);
    }
    run_table_put(table, COLUMN_LOCAL, buf_str(&text));
    buf_clear(&text);
}

static void put_line(const struct explain_asked *asked, struct run_table *table,
                     const struct explain_profit *profit, int line)
{
    const struct market_rules *rules = &asked->history->play.rules;
    struct currency home = rules->currencies[0];
    run_table_row(table);
    run_cells_put_key(table, COLUMN_LINE, asked->lang, line_name(line));
    run_cells_put_money(table, COLUMN_HOME, profit->lines[line], home, false);
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        int64_t any = profit->parts[line][reason];
        for (int c = 0; c < rules->currency_count; c++)
            any |= profit->local[line][reason][c];
        if (any == 0)
            continue;
        run_table_row(table);
        run_cells_put_key(table, COLUMN_REASON, asked->lang,
                          market_reason_name((enum market_reason)reason));
        put_local(table, rules, profit->local[line][reason]);
        run_cells_put_money(table, COLUMN_HOME, profit->parts[line][reason], home, false);
    }
    if (profit->rest[line] == 0)
        return;
    run_table_row(table);
    run_cells_put_key(table, COLUMN_REASON, asked->lang,
                      line == PL_CONVERSION ? N_("movement of rates on balances, roundings")
                                            : N_("rates and roundings of the days"));
    run_cells_put_money(table, COLUMN_HOME, profit->rest[line], home, false);
}

static void put_sum(const struct explain_asked *asked, struct run_table *table, const char *label,
                    int64_t minor)
{
    run_table_row(table);
    run_cells_put_key(table, COLUMN_LINE, asked->lang, label);
    run_cells_put_money(table, COLUMN_HOME, minor, asked->history->play.rules.currencies[0], false);
}

static void tell(const struct explain_asked *asked, const struct explain_profit *profit)
{
    struct currency home = asked->history->play.rules.currencies[0];
    bool gain = profit->result_minor >= 0, one = asked->first == asked->last;
    const char *sentence =
        one    ? gain ? N_("Round {1}: firm {0} earned {3} {6}: its equity went from {4} to {5}.")
                      : N_("Round {1}: firm {0} lost {3} {6}: its equity went from {4} to {5}.")
           : gain ? N_("Rounds {1} to {2}: firm {0} earned {3} {6}: its equity went from {4} to {5}.")
               : N_("Rounds {1} to {2}: firm {0} lost {3} {6}: its equity went from {4} to {5}.");
    text_put(asked->text, asked->lang, sentence, ERR_INT(asked->firm + 1), ERR_INT(asked->first),
             ERR_INT(asked->last),
             run_cells_money(gain ? profit->result_minor : -profit->result_minor, home),
             run_cells_money(profit->before_minor, home),
             run_cells_money(profit->after_minor, home), ERR_CTEXT(home.code));
    buf_append_byte(asked->text, '\n');
    int most = PL_COGS;
    for (int l = PL_COGS; l < PL_COUNT; l++)
        if (profit->lines[l] < profit->lines[most])
            most = l;
    if (profit->lines[PL_REVENUE] > 0 && profit->lines[most] < 0) {
        double share = -(double)profit->lines[most] / (double)profit->lines[PL_REVENUE];
        text_put(asked->text, asked->lang,
                 N_("The largest part of its revenue went to one line: {0}, {1} %."),
                 ERR_KEY(line_name(most)), ERR_INT(run_cells_scaled(share * 100, 0)));
        buf_append_byte(asked->text, '\n');
    }
    explain_administration_append(asked);
    explain_events_append(asked->history, asked->firm, asked->first, asked->last, true, asked->lang,
                          asked->text);
    append_claims(asked);
    buf_append_byte(asked->text, '\n');
}

void explain_profit_append(const struct explain_asked *asked)
{
    static const char *const heads[COLUMNS] = {N_("line"), N_("why"), N_("in its currencies"),
                                               N_("home currency")};
    struct explain_profit profit;
    struct run_table table;
    explain_profit_get(asked->history, asked->firm, asked->first, asked->last, &profit);
    tell(asked, &profit);
    run_cells_begin(&table, asked->arena, asked->lang, heads, COLUMNS, COLUMN_LOCAL,
                    PL_COUNT * (REASON_COUNT + 2) + 3);
    put_sum(asked, &table, N_("equity before"), profit.before_minor);
    for (int l = 0; l < PL_COUNT; l++) {
        int64_t any = profit.lines[l];
        for (int reason = 0; reason < REASON_COUNT; reason++)
            any |= profit.parts[l][reason];
        if (any != 0)
            put_line(asked, &table, &profit, l);
    }
    put_sum(asked, &table, N_("result"), profit.result_minor);
    put_sum(asked, &table, N_("equity after"), profit.after_minor);
    run_table_append(&table, true, asked->text);
}
