/* Ids: 41 bits of ms since 2025-01-01 UTC, 8 of node, 14 of sequence.
 *
 * They increase within a process even if the clock goes back, and do not repeat after a restart
 * with a clock that went back: the database holds a mark beyond which no id was given, moved
 * ahead by the writer in the group's own transaction; a start begins at the mark.
 */
#include <assert.h>

#include "platform/store/parts.h"

static const int64_t epoch_ms = 1735689600000; /* 2025-01-01T00:00:00Z */
static const int64_t ahead_ms = 60000;
static const int64_t reserve_ms = 30000;
enum { NODE_BITS = 8, SEQUENCE_BITS = 14 };

enum err ids_open(struct store *store, struct problem *problem)
{
    sqlite3_stmt *prepared;
    sqlite3 *db = store->connection.db;
    TRY(connection_prepare(db, "SELECT value FROM store_mark WHERE name = 'id_ms'", &prepared,
                           problem));
    int code = sqlite3_step(prepared);
    int64_t mark_ms = code == SQLITE_ROW ? sqlite3_column_int64(prepared, 0) : 0;
    sqlite3_finalize(prepared);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return connection_fail(db, code, store->database, problem);
    store->id_mark_ms = mark_ms;
    store->id_last = mark_ms << SEQUENCE_BITS;
    return ERR_OK;
}

enum err ids_reserve(struct store *store, int64_t now_ms, struct problem *problem)
{
    int64_t at_ms = now_ms - epoch_ms;
    if (at_ms < store->id_last >> SEQUENCE_BITS)
        at_ms = store->id_last >> SEQUENCE_BITS;
    if (at_ms + reserve_ms <= store->id_mark_ms)
        return ERR_OK;
    sqlite3_stmt *prepared;
    sqlite3 *db = store->connection.db;
    TRY(connection_prepare(db,
                           "INSERT INTO store_mark (name, value) VALUES ('id_ms', ?1) "
                           "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                           &prepared, problem));
    sqlite3_bind_int64(prepared, 1, at_ms + ahead_ms);
    int code = sqlite3_step(prepared);
    sqlite3_finalize(prepared);
    if (code != SQLITE_DONE)
        return connection_fail(db, code, store->database, problem);
    store->id_mark_ms = at_ms + ahead_ms;
    return ERR_OK;
}

int64_t store_id_new(struct store_write *write)
{
    struct store *store = write->store;
    int64_t at = (write->now_ms - epoch_ms) << SEQUENCE_BITS;
    store->id_last = at > store->id_last ? at : store->id_last + 1;
    int64_t ms = store->id_last >> SEQUENCE_BITS;
    assert(ms >= 0 && ms < store->id_mark_ms);
    int64_t sequence = store->id_last & ((1 << SEQUENCE_BITS) - 1);
    return ms << (NODE_BITS + SEQUENCE_BITS) | sequence;
}
