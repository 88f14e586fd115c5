#include "app/training/run.h"

#include <string.h>

#include "app/training/training.h"
#include "core/arena.h"
#include "core/bytes.h"
#include "core/file.h"
#include "core/json.h"

static const char *const source_names[RUN_SOURCE_COUNT] = {"file", "policy", "absent"};

const char *run_source_name(enum run_source source)
{
    return source_names[source];
}

int run_world_firms(const struct run *run, int world)
{
    return run->firms / run->worlds + (world < run->firms % run->worlds);
}

int run_world_first(const struct run *run, int world)
{
    int larger = run->firms % run->worlds;
    return world * (run->firms / run->worlds) + (world < larger ? world : larger);
}

void run_seed_commit(struct rng_key seed, char commitment[DIGEST_HEX_MAX])
{
    struct buf bytes;
    buf_init(&bytes);
    bytes_put_u64(&bytes, seed.seed[0]);
    bytes_put_u64(&bytes, seed.seed[1]);
    unsigned char digest[DIGEST_BYTES];
    digest_bytes(bytes.text, bytes.length, digest);
    digest_hex(digest, commitment);
    buf_clear(&bytes);
}

/* ---- run.json ---- */

static const char about[] =
    "A simulated market. The people and the firms in it are invented; nothing here is the record "
    "of a real company. The command line's seed is open: the run counts as closed.";

static void put_text(struct json_writer *writer, const char *key, struct str value)
{
    json_key(writer, key);
    json_put_text(writer, value);
}

static void put_int(struct json_writer *writer, const char *key, int64_t value)
{
    json_key(writer, key);
    json_put_int(writer, value);
}

static void put_policies(struct json_writer *writer, const struct run *run)
{
    json_key(writer, "policies");
    json_list_begin(writer);
    for (int f = 0; f < run->firms; f++) {
        if (run->policies[f] < 0)
            json_put_null(writer);
        else
            json_put_text(writer,
                          str_from_c(market_policy_name((enum market_policy)run->policies[f])));
    }
    json_list_end(writer);
}

enum err run_write(const char *folder, const struct run *run, struct problem *problem)
{
    struct arena arena;
    struct buf text;
    struct json_writer writer;
    arena_init(&arena);
    buf_init(&text);
    json_writer_init(&writer, &text, true);
    json_object_begin(&writer);
    put_text(&writer, "about", str_from_c(about));
    put_int(&writer, "format", TRAINING_RUN_FORMAT_VERSION);
    put_int(&writer, "engine", run->engine_version);
    put_text(&writer, "seed", run->seed_text);
    put_text(&writer, "seed_commitment", str_from_c(run->commitment));
    put_text(&writer, "scenario_digest", str_from_c(run->scenario_digest));
    put_int(&writer, "rounds", run->rounds);
    put_int(&writer, "worlds", run->worlds);
    put_int(&writer, "firms", run->firms);
    put_policies(&writer, run);
    if (run->origin.length > 0) {
        json_key(&writer, "fork");
        json_object_begin(&writer);
        put_text(&writer, "from", run->origin);
        put_int(&writer, "round", run->origin_round);
        json_object_end(&writer);
    }
    json_object_end(&writer);
    enum err code =
        file_write_atomic(path_join(&arena, folder, "run.json"), buf_str(&text), 0644, problem);
    buf_clear(&text);
    arena_clear(&arena);
    return code;
}

static enum err read_policies(struct arena *arena, const struct json *root, struct run *run,
                              struct problem *problem)
{
    struct json list = json_child(root, "policies");
    TRY(json_require_list(&list, RUN_FIRMS_MAX, problem));
    if (json_count(&list) != (size_t)run->firms) {
        problem_set(problem, ERR_FILE_DAMAGED,
                    ERR_KEY(N_("the number of policies is not that of firms")));
        return json_place(problem, &list, NULL);
    }
    run->policies = ARENA_ARRAY(arena, int, (size_t)run->firms);
    for (int f = 0; f < run->firms; f++) {
        struct json item = json_item(&list, (size_t)f);
        struct str name;
        enum market_policy policy;
        run->policies[f] = -1;
        if (!json_text(&item, &name))
            continue;
        if (!market_policy_from_name(name, &policy)) {
            problem_set(problem, ERR_CHOICE, ERR_TEXT(name), ERR_TEXT(STR("steady, novice ...")));
            return json_place(problem, &item, NULL);
        }
        run->policies[f] = (int)policy;
    }
    return ERR_OK;
}

static enum err copy_hex(const struct json *root, const char *key, char hex[DIGEST_HEX_MAX],
                         struct problem *problem)
{
    struct str text;
    TRY(json_get_text(root, key, DIGEST_HEX_MAX - 1, &text, problem));
    memcpy(hex, text.text, text.length);
    hex[text.length] = '\0';
    return ERR_OK;
}

static enum err get_int(const struct json *root, const char *key, int64_t least, int64_t most,
                        int *value, struct problem *problem)
{
    int64_t wide;
    TRY(json_get_int(root, key, least, most, &wide, problem));
    *value = (int)wide;
    return ERR_OK;
}

static enum err read_fork(struct arena *arena, const struct json *root, struct run *run,
                          struct problem *problem)
{
    struct json fork = json_child(root, "fork");
    if (fork.node == NULL)
        return ERR_OK;
    struct str from;
    TRY(json_get_text(&fork, "from", 4000, &from, problem));
    run->origin = str_copy(arena, from);
    return get_int(&fork, "round", 0, RUN_ROUNDS_MAX, &run->origin_round, problem);
}

static enum err run_parse(struct arena *arena, const struct json *root, struct run *run,
                          struct problem *problem)
{
    static const char *const known[] = {
        "about",           "format", "engine", "seed",     "rounds", "seed_commitment",
        "scenario_digest", "worlds", "firms",  "policies", "fork",   NULL};
    struct str seed;
    int format;
    TRY(json_require_object(root, problem));
    /* The version comes first: another format may have other fields. */
    TRY(get_int(root, "format", 1, INT32_MAX, &format, problem));
    if (format != TRAINING_RUN_FORMAT_VERSION) {
        problem_set(problem, ERR_FILE_VERSION, ERR_INT(format),
                    ERR_INT(TRAINING_RUN_FORMAT_VERSION));
        return json_place(problem, root, "format");
    }
    TRY(json_require_known(root, known, problem));
    TRY(get_int(root, "engine", 1, INT32_MAX, &run->engine_version, problem));
    TRY(json_get_text(root, "seed", TRAINING_SEED_MAX, &seed, problem));
    run->seed_text = str_copy(arena, seed);
    run->seed = rng_key_from_text(run->seed_text);
    TRY(copy_hex(root, "seed_commitment", run->commitment, problem));
    TRY(copy_hex(root, "scenario_digest", run->scenario_digest, problem));
    TRY(get_int(root, "rounds", 1, RUN_ROUNDS_MAX, &run->rounds, problem));
    TRY(get_int(root, "worlds", 1, MARKET_WORLDS_MAX, &run->worlds, problem));
    TRY(get_int(root, "firms", run->worlds, (int64_t)run->worlds * MARKET_FIRMS_MAX, &run->firms,
                problem));
    TRY(read_policies(arena, root, run, problem));
    TRY(read_fork(arena, root, run, problem));
    char commitment[DIGEST_HEX_MAX];
    run_seed_commit(run->seed, commitment);
    if (strcmp(commitment, run->commitment) != 0) {
        problem_set(problem, ERR_FILE_DAMAGED, ERR_KEY(N_("the seed is not the one committed to")));
        return json_place(problem, root, "seed");
    }
    return ERR_OK;
}

enum err run_read(struct arena *arena, const char *folder, struct run *run, struct problem *problem)
{
    *run = (struct run){.folder = folder};
    const char *path = path_join(arena, folder, "run.json");
    if (!file_exists(path)) {
        /* A folder without run.json is somebody else's; no folder at all is a typing mistake. */
        if (file_exists(folder)) {
            problem_set0(problem, ERR_RUN_NONE);
            return problem_place(problem, "%s", folder);
        }
    }
    struct json_document *document;
    struct json root;
    TRY(json_read_file(path, &document, &root, problem));
    enum err code = run_parse(arena, &root, run, problem);
    json_close(document);
    if (code != ERR_OK)
        problem_place_prefix(problem, "%s", path);
    return code;
}

enum err run_engine_check(const struct run *run, struct problem *problem)
{
    if (run->engine_version == MARKET_ENGINE_VERSION)
        return ERR_OK;
    problem_set(problem, ERR_ENGINE_VERSION, ERR_INT(run->engine_version),
                ERR_INT(MARKET_ENGINE_VERSION));
    return problem_place(problem, "%s", run->folder);
}

enum err run_scenario_read(struct arena *arena, const struct run *run, struct scenario *scenario,
                           struct problem *problem)
{
    const char *path = path_join(arena, run->folder, "scenario.json");
    struct str text;
    TRY(file_read(arena, path, SCENARIO_BYTES_MAX, &text, problem));
    unsigned char digest[DIGEST_BYTES];
    char hex[DIGEST_HEX_MAX];
    digest_bytes(text.text, text.length, digest);
    digest_hex(digest, hex);
    if (strcmp(hex, run->scenario_digest) != 0) {
        problem_set(problem, ERR_FILE_DAMAGED,
                    ERR_KEY(N_("it is not the scenario that was played")));
        return problem_place(problem, "%s", path);
    }
    enum err code = scenario_parse(arena, text, run->folder, scenario, problem);
    if (code != ERR_OK)
        problem_place_prefix(problem, "%s", path);
    return code;
}

struct market_rules run_world_rules(const struct run *run, const struct scenario *scenario,
                                    int world)
{
    struct market_rules rules = scenario->rules;
    rules.firms = run_world_firms(run, world);
    /* Players plan for the length of this run, not for the scenario's. */
    if (run->rounds > 0)
        rules.rounds = run->rounds;
    return rules;
}

struct market_key run_world_key(const struct run *run, int world)
{
    return (struct market_key){.seed = run->seed, .world = (uint32_t)world};
}

/* ---- paths ---- */

const char *run_world_path(struct arena *arena, const char *folder, int worlds, int world)
{
    if (worlds == 1)
        return folder;
    return str_format(arena, "%s/world-%04d", folder, world + 1).text;
}

const char *run_state_path(struct arena *arena, const char *world_path, int round)
{
    return str_format(arena, "%s/states/round-%02d.bin", world_path, round).text;
}

const char *run_round_path(struct arena *arena, const char *world_path, const char *kind, int round)
{
    return str_format(arena, "%s/%s/round-%02d", world_path, kind, round).text;
}

const char *run_firm_path(struct arena *arena, const char *world_path, const char *kind, int round,
                          int firm)
{
    return str_format(arena, "%s/%s/round-%02d/firm-%02d.json", world_path, kind, round, firm + 1)
        .text;
}
