/* A PostgreSQL 15 of the test's own: a new cluster in a temporary folder, a local socket only, run
 * as an unprivileged user. And what it says of the house's statements. */
#ifndef TESTS_STORE_POSTGRES_H
#define TESTS_STORE_POSTGRES_H

#include <libpq-fe.h>
#include <sys/types.h>

#include "platform/store/statement.h"

struct postgres {
    char folder[64];
    pid_t server;
    PGconn *connection;
    const char *missing; /* why there is none, or NULL */
};

/* False when PostgreSQL is not installed or cannot be begun; `missing` says why. */
bool postgres_start(struct postgres *postgres);
void postgres_stop(struct postgres *postgres);

/* Applies the migrations; the number of complaints, each printed to `out`. */
int postgres_migrate(struct postgres *postgres, const struct store_migration *migrations,
                     size_t count, struct buf *out);
/* Prepares one statement and compares its parameters and results with what is declared. */
int postgres_check(struct postgres *postgres, const struct store_statement *statement,
                   struct buf *out);

#endif
