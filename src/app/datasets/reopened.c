#include "app/datasets/reopened.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/file.h"

struct entry {
    uint64_t hash[2];
    uint64_t place; /* file << 40 | line: file order */
};

struct run {
    off_t at; /* of the next entry to be read */
    off_t end;
    struct entry *entries;
    size_t used;
    size_t count;
};

struct reopened {
    struct arena *arena;
    unsigned char key[REOPENED_KEY_BYTES];
    struct entry *entries;
    size_t count;
    size_t capacity;
    const char *path;
    int file; /* -1: nothing spilled */
    size_t run_count;
};

enum { LINE_BITS = 40 };

enum err reopened_begin(struct arena *arena, const char *folder,
                        const unsigned char key[REOPENED_KEY_BYTES], size_t buffer,
                        struct reopened **reopened, struct problem *problem)
{
    (void)problem;
    struct reopened *made = ARENA_NEW(arena, struct reopened);
    made->arena = arena;
    memcpy(made->key, key, sizeof(made->key));
    made->capacity = buffer ? buffer : REOPENED_BUFFER;
    made->entries = ARENA_ARRAY(arena, struct entry, made->capacity);
    made->path = path_join(arena, folder, "orders.tmp");
    made->file = -1;
    *reopened = made;
    return ERR_OK;
}

void reopened_end(struct reopened *reopened)
{
    if (reopened && reopened->file >= 0)
        close(reopened->file);
    if (reopened)
        reopened->file = -1;
}

static bool entry_before(const struct entry *a, const struct entry *b)
{
    if (a->hash[0] != b->hash[0])
        return a->hash[0] < b->hash[0];
    if (a->hash[1] != b->hash[1])
        return a->hash[1] < b->hash[1];
    return a->place < b->place;
}

static void swap_entries(struct entry *a, struct entry *b)
{
    struct entry kept = *a;
    *a = *b;
    *b = kept;
}

static void insertion_sort(struct entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && entry_before(&entries[k], &entries[k - 1]); k--)
            swap_entries(&entries[k], &entries[k - 1]);
}

/* Middle one of the first, the middle and the last entry, put in the middle. */
static struct entry median(struct entry *entries, size_t count)
{
    struct entry *middle = &entries[count / 2];
    struct entry *last = &entries[count - 1];
    if (entry_before(middle, entries))
        swap_entries(middle, entries);
    if (entry_before(last, middle))
        swap_entries(last, middle);
    if (entry_before(middle, entries))
        swap_entries(middle, entries);
    return *middle;
}

/* Quicksort in place, since qsort(3) takes as much memory again. Keys are hashes under a secret
 * key, so nobody can choose a bad order; the smaller side is sorted first, so the depth is at most
 * log2 of the count. Source: Hoare 1962, "Quicksort". */
static void sort_entries(struct entry *entries, size_t count)
{
    while (count > 16) {
        struct entry pivot = median(entries, count);
        size_t left = 0;
        size_t right = count - 1;
        for (;;) {
            while (entry_before(&entries[left], &pivot))
                left++;
            while (entry_before(&pivot, &entries[right]))
                right--;
            if (left >= right)
                break;
            swap_entries(&entries[left++], &entries[right--]);
        }
        size_t split = right + 1;
        if (split < count - split) {
            sort_entries(entries, split);
            entries += split;
            count -= split;
        } else {
            sort_entries(entries + split, count - split);
            count = split;
        }
    }
    insertion_sort(entries, count);
}

static enum err write_run(struct reopened *reopened, struct problem *problem)
{
    const char *bytes = (const char *)reopened->entries;
    size_t left = reopened->count * sizeof(struct entry);
    while (left > 0) {
        ssize_t wrote = write(reopened->file, bytes, left);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return problem_set(problem, ERR_FILE_WRITE, ERR_CTEXT(strerror(errno)));
        bytes += wrote;
        left -= (size_t)wrote;
    }
    return ERR_OK;
}

/* All runs but the last are full, so their places follow from their numbers. */
static enum err spill(struct reopened *reopened, struct problem *problem)
{
    if (reopened->file < 0) {
        reopened->file = open(reopened->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (reopened->file < 0)
            return problem_set(problem, ERR_FILE_WRITE, ERR_CTEXT(strerror(errno)));
        unlink(reopened->path);
    }
    sort_entries(reopened->entries, reopened->count);
    TRY(write_run(reopened, problem));
    reopened->run_count++;
    reopened->count = 0;
    return ERR_OK;
}

enum err reopened_add(struct reopened *reopened, struct str order, uint32_t file, int64_t line,
                      struct problem *problem)
{
    if (reopened->count == reopened->capacity)
        TRY(spill(reopened, problem));
    struct entry *entry = &reopened->entries[reopened->count++];
    unsigned char hash[crypto_shorthash_siphashx24_BYTES];
    crypto_shorthash_siphashx24(hash, (const unsigned char *)order.text, order.length,
                                reopened->key);
    memcpy(entry->hash, hash, sizeof(entry->hash));
    entry->place = (uint64_t)file << LINE_BITS | (uint64_t)line;
    return ERR_OK;
}

/* What the merge knows of the number it is in. */
struct group {
    uint64_t hash[2];
    bool any;
    bool again;
};

static void note_place(struct reopened_result *result, uint64_t place)
{
    struct reopened_place found = {(uint32_t)(place >> LINE_BITS),
                                   (int64_t)(place & ((UINT64_C(1) << LINE_BITS) - 1))};
    size_t at = result->place_count;
    while (at > 0 && (result->places[at - 1].file > found.file ||
                      (result->places[at - 1].file == found.file &&
                       result->places[at - 1].line > found.line)))
        at--;
    if (at == REOPENED_PLACES_MAX)
        return;
    if (result->place_count < REOPENED_PLACES_MAX)
        result->place_count++;
    for (size_t i = result->place_count - 1; i > at; i--)
        result->places[i] = result->places[i - 1];
    result->places[at] = found;
}

static void take(struct group *group, const struct entry *entry, struct reopened_result *result)
{
    bool same = group->any && memcmp(group->hash, entry->hash, sizeof(group->hash)) == 0;
    if (!same) {
        *group = (struct group){{entry->hash[0], entry->hash[1]}, true, false};
        return;
    }
    result->orders += !group->again;
    result->openings++;
    group->again = true;
    note_place(result, entry->place);
}

static enum err fill_run(struct reopened *reopened, struct run *run, size_t capacity,
                         struct problem *problem)
{
    size_t want = capacity * sizeof(struct entry);
    if ((off_t)want > run->end - run->at)
        want = (size_t)(run->end - run->at);
    size_t got = 0;
    while (got < want) {
        ssize_t count =
            pread(reopened->file, (char *)run->entries + got, want - got, run->at + (off_t)got);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return problem_set(problem, ERR_FILE_READ, ERR_CTEXT(strerror(errno)));
        got += (size_t)count;
    }
    run->at += (off_t)got;
    run->count = got / sizeof(struct entry);
    run->used = 0;
    return ERR_OK;
}

static bool run_before(const struct run *a, const struct run *b)
{
    return entry_before(&a->entries[a->used], &b->entries[b->used]);
}

/* Restore the heap of runs below `at`. */
static void sift_down(struct run **heap, size_t count, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++)
            if (run_before(heap[child], heap[least]))
                least = child;
        if (least == at)
            return;
        struct run *run = heap[at];
        heap[at] = heap[least];
        heap[least] = run;
        at = least;
    }
}

static enum err merge(struct reopened *reopened, struct arena *arena,
                      struct reopened_result *result, struct problem *problem)
{
    size_t count = reopened->run_count;
    size_t share = (reopened->capacity / count) > 170 ? reopened->capacity / count : 170;
    struct run *runs = ARENA_ARRAY(arena, struct run, count);
    struct run **heap = ARENA_ARRAY(arena, struct run *, count);
    off_t size = lseek(reopened->file, 0, SEEK_END);
    off_t full = (off_t)(reopened->capacity * sizeof(struct entry));
    for (size_t i = 0; i < count; i++) {
        runs[i].at = (off_t)i * full;
        runs[i].end = i + 1 < count ? (off_t)(i + 1) * full : size;
        runs[i].entries = ARENA_ARRAY(arena, struct entry, share);
        heap[i] = &runs[i];
        TRY(fill_run(reopened, &runs[i], share, problem));
    }
    for (size_t i = count; i-- > 0;)
        sift_down(heap, count, i);
    struct group group = {0};
    while (count > 0) {
        struct run *run = heap[0];
        take(&group, &run->entries[run->used++], result);
        if (run->used == run->count && run->at < run->end)
            TRY(fill_run(reopened, run, share, problem));
        if (run->used == run->count)
            heap[0] = heap[--count];
        sift_down(heap, count, 0);
    }
    return ERR_OK;
}

enum err reopened_count(struct reopened *reopened, struct arena *arena,
                        struct reopened_result *result, struct problem *problem)
{
    *result = (struct reopened_result){0};
    if (reopened->file >= 0 && reopened->count > 0)
        TRY(spill(reopened, problem));
    if (reopened->file >= 0)
        return merge(reopened, arena, result, problem);
    sort_entries(reopened->entries, reopened->count);
    struct group group = {0};
    for (size_t i = 0; i < reopened->count; i++)
        take(&group, &reopened->entries[i], result);
    return ERR_OK;
}
