/* A store in a folder of its own, with the sample room's tables and a clock that tests set. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "core/arena.h"
#include "platform/store/store.h"

struct fixture {
    struct arena arena;
    struct problem problem;
    const char *folder;
    int64_t now_ms;
    struct store_options options;
    struct store *store;
};

/* For cmocka's setup and teardown. */
int fixture_make(void **state);
int fixture_remove(void **state);
/* An empty folder only; the store is not opened. */
int fixture_make_closed(void **state);

void fixture_open(struct fixture *fixture);
void fixture_close(struct fixture *fixture);
/* Close and open again. */
void fixture_reopen(struct fixture *fixture);
/* A club and its id. */
int64_t fixture_club(struct fixture *fixture, const char *name);
/* A thing of a club and its id; the code of the write. */
enum err fixture_thing(struct fixture *fixture, int64_t tenant, const char *name, int64_t *id);
/* How many things of the club there are, seen by a fresh snapshot. */
size_t fixture_count(struct fixture *fixture, int64_t tenant);
const char *fixture_path(struct fixture *fixture, const char *name);

/* The number in the environment variable; without it `ordinary`, or `soak` when SAMPAN_SOAK is
 * set. */
int fixture_number(const char *variable, int ordinary, int soak);

#endif
