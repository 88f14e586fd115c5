#include "platform/web/guard.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "core/arena.h"

struct guard_entry {
    uint64_t key; /* 0: empty */
    int64_t last_ms;
    int32_t failures;
    int32_t free; /* failures that cost nothing */
};

struct guard {
    pthread_mutex_t lock;
    unsigned char secret[crypto_shorthash_KEYBYTES];
    struct guard_entry entries[GUARD_BUCKETS][GUARD_WAYS];
};

struct guard *guard_new(struct arena *arena)
{
    struct guard *guard = ARENA_NEW(arena, struct guard);
    pthread_mutex_init(&guard->lock, NULL);
    randombytes_buf(guard->secret, sizeof(guard->secret));
    return guard;
}

void guard_close(struct guard *guard)
{
    pthread_mutex_destroy(&guard->lock);
}

static uint64_t key_of(const struct guard *guard, char kind, struct str text)
{
    unsigned char hash[crypto_shorthash_BYTES];
    unsigned char input[256];
    size_t length = text.length < sizeof(input) - 1 ? text.length : sizeof(input) - 1;
    uint64_t key;
    input[0] = (unsigned char)kind;
    if (length > 0)
        memcpy(input + 1, text.text, length);
    crypto_shorthash(hash, input, length + 1, guard->secret);
    memcpy(&key, hash, sizeof(key));
    return key == 0 ? 1 : key;
}

static struct guard_entry *entry_find(struct guard *guard, uint64_t key)
{
    struct guard_entry *ways = guard->entries[key % GUARD_BUCKETS];
    for (int i = 0; i < GUARD_WAYS; i++) {
        if (ways[i].key == key)
            return &ways[i];
    }
    return NULL;
}

static struct guard_entry *entry_take(struct guard *guard, uint64_t key, int32_t free)
{
    struct guard_entry *entry = entry_find(guard, key);
    if (entry != NULL)
        return entry;
    struct guard_entry *ways = guard->entries[key % GUARD_BUCKETS];
    entry = &ways[0];
    for (int i = 1; i < GUARD_WAYS; i++) {
        if (ways[i].last_ms < entry->last_ms)
            entry = &ways[i];
    }
    *entry = (struct guard_entry){.key = key, .free = free};
    return entry;
}

static int64_t entry_wait(const struct guard_entry *entry, int64_t now_ms)
{
    if (entry == NULL || entry->failures < entry->free)
        return 0;
    int doublings = entry->failures - entry->free;
    int64_t wait_s = doublings > 20 ? GUARD_WAIT_MOST_S : INT64_C(1) << doublings;
    if (wait_s > GUARD_WAIT_MOST_S)
        wait_s = GUARD_WAIT_MOST_S;
    int64_t left_ms = entry->last_ms + wait_s * 1000 - now_ms;
    return left_ms <= 0 ? 0 : (left_ms + 999) / 1000;
}

int64_t guard_wait(struct guard *guard, struct str account, struct str address, int64_t now_ms)
{
    pthread_mutex_lock(&guard->lock);
    int64_t account_s = entry_wait(entry_find(guard, key_of(guard, 'n', account)), now_ms);
    int64_t address_s = entry_wait(entry_find(guard, key_of(guard, 'a', address)), now_ms);
    pthread_mutex_unlock(&guard->lock);
    return account_s > address_s ? account_s : address_s;
}

static void entry_fail(struct guard *guard, char kind, struct str text, int32_t free,
                       int64_t now_ms)
{
    struct guard_entry *entry = entry_take(guard, key_of(guard, kind, text), free);
    if (now_ms - entry->last_ms > (int64_t)GUARD_FORGET_S * 1000)
        entry->failures = 0;
    if (entry->failures < INT32_MAX)
        entry->failures++;
    entry->last_ms = now_ms;
}

void guard_failed(struct guard *guard, struct str account, struct str address, int64_t now_ms)
{
    pthread_mutex_lock(&guard->lock);
    entry_fail(guard, 'n', account, GUARD_ACCOUNT_FREE, now_ms);
    entry_fail(guard, 'a', address, GUARD_ADDRESS_FREE, now_ms);
    pthread_mutex_unlock(&guard->lock);
}

void guard_passed(struct guard *guard, struct str account)
{
    pthread_mutex_lock(&guard->lock);
    struct guard_entry *entry = entry_find(guard, key_of(guard, 'n', account));
    if (entry != NULL)
        *entry = (struct guard_entry){0};
    pthread_mutex_unlock(&guard->lock);
}
