#include "app/training/run_decisions.h"

#include <string.h>

#include "app/training/decisions_json.h"
#include "core/arena.h"
#include "core/file.h"

enum err run_decisions_read_one(struct arena *arena, const struct market_rules *rules,
                                const char *path, const struct run_digest *noted, int firm,
                                struct market_seat_decisions *decisions, struct problem *problem)
{
    struct str text;
    TRY(file_read(arena, path, DECISIONS_BYTES_MAX, &text, problem));
    unsigned char digest[DIGEST_BYTES];
    char hex[DIGEST_HEX_MAX];
    digest_bytes(text.text, text.length, digest);
    digest_hex(digest, hex);
    if (strcmp(hex, noted->decisions[firm]) != 0) {
        problem_set(problem, ERR_FILE_DAMAGED,
                    ERR_KEY(N_("these are not the decisions that were played")));
        return problem_place(problem, "%s", path);
    }
    TRY(decisions_parse(arena, rules, SEAT_FIRM, text, path, decisions, problem));
    decisions->absent = noted->source[firm] == RUN_SOURCE_ABSENT;
    return ERR_OK;
}

enum err run_decisions_read(struct arena *arena, const struct run *run,
                            const struct market_rules *rules, int world,
                            const struct run_digest *digests,
                            struct market_seat_decisions **decisions, struct problem *problem)
{
    int firms = run_world_firms(run, world);
    const char *world_path = run_world_path(arena, run->folder, run->worlds, world);
    *decisions =
        ARENA_ARRAY(arena, struct market_seat_decisions, (size_t)firms * (size_t)run->rounds);
    for (int round = 1; round <= run->rounds; round++) {
        for (int f = 0; f < firms; f++) {
            const char *path = run_firm_path(arena, world_path, "decisions", round, f);
            TRY(run_decisions_read_one(arena, rules, path, &digests[round], f,
                                       &(*decisions)[(round - 1) * firms + f], problem));
        }
    }
    return ERR_OK;
}
