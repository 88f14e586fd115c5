/* web/guard: how often something that can be guessed may be tried. Internal to web.
 *
 * Failures are counted per account first: FREE of them cost nothing, each further one doubles the
 * wait up to WAIT_MOST_S; they are forgotten after FORGET_S without one. Per address loosely, since
 * a class sits behind one: only ADDRESS_FREE failures within FORGET_S make an address wait. Memory
 * is fixed: a full bucket forgets its oldest entry, and accounts are kept as keyed hashes.
 */
#ifndef PLATFORM_WEB_GUARD_H
#define PLATFORM_WEB_GUARD_H

#include "core/base.h"
#include "core/str.h"

struct arena;
struct guard;

enum {
    GUARD_ACCOUNT_FREE = 5,
    GUARD_ADDRESS_FREE = 300,
    GUARD_WAIT_MOST_S = 900,
    GUARD_FORGET_S = 900,
    GUARD_BUCKETS = 4096,
    GUARD_WAYS = 4
};

struct guard *guard_new(struct arena *arena);
void guard_close(struct guard *guard);
/* Seconds to wait before the next try; 0: go on. */
int64_t guard_wait(struct guard *guard, struct str account, struct str address, int64_t now_ms);
void guard_failed(struct guard *guard, struct str account, struct str address, int64_t now_ms);
void guard_passed(struct guard *guard, struct str account);

#endif
