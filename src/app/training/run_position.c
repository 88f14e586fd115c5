#include "app/training/run_position.h"

#include <string.h>

#include "core/file.h"

enum { STATE_BYTES_MAX = 256 << 20 };

/* True when the stored state is the one that was played and could be read. */
static bool resume(struct run_play *play, const char *path, const struct run_digest *digest)
{
    struct arena arena;
    struct str bytes;
    struct problem problem;
    unsigned char sum[DIGEST_BYTES];
    char hex[DIGEST_HEX_MAX];
    arena_init(&arena);
    bool good = file_read(&arena, path, STATE_BYTES_MAX, &bytes, &problem) == ERR_OK;
    if (good) {
        digest_bytes(bytes.text, bytes.length, sum);
        digest_hex(sum, hex);
        good = strcmp(hex, digest->state) == 0;
    }
    good = good && run_play_resume(play, bytes, &problem) == ERR_OK;
    arena_clear(&arena);
    return good;
}

enum err run_position_set(struct run_play *play, const struct run *run, int world,
                          const struct run_digest *digests,
                          const struct market_seat_decisions *decisions, int round,
                          bool *recomputed, struct problem *problem)
{
    struct arena arena;
    struct market_probe probe = {.why_firm = -1, .check = true};
    struct market_key key = run_world_key(run, world);
    arena_init(&arena);
    const char *world_path = run_world_path(&arena, run->folder, run->worlds, world);
    *recomputed = !resume(play, run_state_path(&arena, world_path, round), &digests[round]);
    arena_clear(&arena);
    if (!*recomputed)
        return ERR_OK;
    TRY(run_play_open(play, &key, problem));
    for (int r = 1; r <= round; r++)
        TRY(run_play_step(play, decisions + (r - 1) * play->rules.firms, &probe, problem));
    return ERR_OK;
}
