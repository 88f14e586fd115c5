#include "app/training/run_books.h"

#include "core/arena.h"
#include "core/csv.h"
#include "core/date.h"
#include "core/money.h"

void run_books_init(struct arena *arena, const struct market_rules *rules, struct run_books *books)
{
    books->firms = rules->firms;
    books->currencies = rules->currency_count;
    books->accounts =
        ARENA_ARRAY(arena, struct run_account,
                    (size_t)rules->firms * (size_t)rules->currency_count * ACCOUNT_COUNT);
}

static struct run_account *account_at(const struct run_books *books, int firm, int currency,
                                      int account)
{
    size_t row = (size_t)firm * (size_t)books->currencies + (size_t)currency;
    return &books->accounts[row * ACCOUNT_COUNT + (size_t)account];
}

const struct run_account *run_books_get(const struct run_books *books, int firm, int currency,
                                        enum market_account account)
{
    return account_at(books, firm, currency, account);
}

void run_books_add(struct run_books *books, const struct market_journal *journal)
{
    for (int i = 0; i < journal->count; i++) {
        const struct market_entry *entry = &journal->entries[i];
        account_at(books, entry->firm, entry->currency, entry->debit)->debit_minor +=
            entry->amount_minor;
        account_at(books, entry->firm, entry->currency, entry->credit)->credit_minor +=
            entry->amount_minor;
    }
}

static void append_cell(struct buf *text, const char *value)
{
    csv_append_field(text, str_from_c(value), ',');
    buf_append_byte(text, ',');
}

void run_books_append_journal(const struct market_rules *rules,
                              const struct market_journal *journal, struct buf *text)
{
    buf_append_c(text, "day,date,firm,debit,credit,currency,amount,reason,product\n");
    for (int i = 0; i < journal->count; i++) {
        const struct market_entry *entry = &journal->entries[i];
        struct currency currency = rules->currencies[entry->currency];
        char date[11];
        date_format(rules->start_date + entry->day, date);
        buf_format(text, "%d,%s,%d,", (int)entry->day, date, entry->firm + 1);
        append_cell(text, market_account_name((enum market_account)entry->debit));
        append_cell(text, market_account_name((enum market_account)entry->credit));
        buf_format(text, "%s,", currency.code);
        money_append(text, entry->amount_minor, currency);
        buf_append_byte(text, ',');
        append_cell(text, market_reason_name((enum market_reason)entry->reason));
        if (entry->object >= 0)
            csv_append_field(text, str_from_c(rules->products[entry->object].name.id), ',');
        buf_append_byte(text, '\n');
    }
}

void run_books_append_balances(const struct market_rules *rules, const struct run_books *books,
                               struct buf *text)
{
    buf_append_c(text, "firm,currency,account,debit,credit,balance\n");
    for (int f = 0; f < books->firms; f++) {
        for (int c = 0; c < books->currencies; c++) {
            for (int a = 0; a < ACCOUNT_COUNT; a++) {
                const struct run_account *account = account_at(books, f, c, a);
                if (account->debit_minor == 0 && account->credit_minor == 0)
                    continue;
                struct currency currency = rules->currencies[c];
                buf_format(text, "%d,%s,", f + 1, currency.code);
                append_cell(text, market_account_name((enum market_account)a));
                money_append(text, account->debit_minor, currency);
                buf_append_byte(text, ',');
                money_append(text, account->credit_minor, currency);
                buf_append_byte(text, ',');
                money_append(text, account->debit_minor - account->credit_minor, currency);
                buf_append_byte(text, '\n');
            }
        }
    }
}
