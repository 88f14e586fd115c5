#include "main/background.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"

#define SITE_FILE "site.json"

/* Each room adds its kinds of work here. */
static const struct job_kind kinds[] = {
    {NULL, NULL, 0, 0, 0},
};

static size_t kind_count(void)
{
    size_t count = 0;
    while (kinds[count].name != NULL)
        count++;
    return count;
}

static const char *environment(const char *name)
{
    return getenv(name);
}

static void job_changed(void *context, int64_t tenant, int64_t job)
{
    char topic[WEB_TOPIC_BYTES_MAX];
    snprintf(topic, sizeof(topic), "job/%lld/%lld", (long long)tenant, (long long)job);
    web_publish(context, topic, STR("changed"));
}

bool background_may_hear(const struct viewer *viewer, struct str topic)
{
    char mine[WEB_TOPIC_BYTES_MAX];
    int length = snprintf(mine, sizeof(mine), "job/%lld/", (long long)viewer->tenant);
    return viewer->person != 0 && str_starts_with(topic, (struct str){mine, (size_t)length});
}

static enum err start(struct background *background, struct web_site *site, struct problem *problem)
{
    const struct outbox_options outbox = {.store = site->store,
                                          .config = &background->config,
                                          .now_ms = site->now_ms,
                                          .now_context = site->now_context};
    const struct jobs_options jobs = {.store = site->store,
                                      .kinds = kinds,
                                      .kind_count = kind_count(),
                                      .now_ms = site->now_ms,
                                      .now_context = site->now_context,
                                      .changed = job_changed,
                                      .changed_context = site};
    TRY(outbox_start(&outbox, &background->outbox, problem));
    return jobs_start(&jobs, &background->jobs, problem);
}

enum err background_start(struct background *background, const char *folder, struct web_site *site,
                          struct problem *problem)
{
    *background = (struct background){0};
    arena_init(&background->arena);
    const char *file = path_join(&background->arena, folder, SITE_FILE);
    enum err code =
        outbox_config_read(&background->arena, file, environment, &background->config, problem);
    if (code == ERR_OK)
        code = start(background, site, problem);
    if (code != ERR_OK)
        background_stop(background);
    return code;
}

void background_stop(struct background *background)
{
    if (background->jobs != NULL)
        jobs_stop(background->jobs);
    if (background->outbox != NULL)
        outbox_stop(background->outbox);
    arena_clear(&background->arena);
}
