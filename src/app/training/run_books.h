/* run_books: a world's journal and balances as tables.
 *
 * Every entry moves one amount of one currency from a credit to a debit account, so debits equal
 * credits by form; the balances add all entries since the opening.
 */
#ifndef APP_TRAINING_RUN_BOOKS_H
#define APP_TRAINING_RUN_BOOKS_H

#include "core/base.h"
#include "core/str.h"
#include "engine/market/market.h"

struct arena;

struct run_account {
    int64_t debit_minor, credit_minor; /* sums since the opening */
};

struct run_books {
    int firms, currencies;
    struct run_account *accounts; /* [firm][currency][enum market_account] */
};

void run_books_init(struct arena *arena, const struct market_rules *rules, struct run_books *books);
void run_books_add(struct run_books *books, const struct market_journal *journal);
const struct run_account *run_books_get(const struct run_books *books, int firm, int currency,
                                        enum market_account account);
/* The journal as CSV: day, date, firm, debit, credit, currency, amount, reason, product. */
void run_books_append_journal(const struct market_rules *rules,
                              const struct market_journal *journal, struct buf *text);
/* The balances as CSV: firm, currency, account, debit, credit, balance (debit less credit); only
 * accounts that were used. The balances of a firm and currency add to zero. */
void run_books_append_balances(const struct market_rules *rules, const struct run_books *books,
                               struct buf *text);

#endif
