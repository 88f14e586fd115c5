/* Starting and stopping. */
#include "platform/outbox/outbox.h"

#include <curl/curl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "platform/outbox/parts.h"

static void on_commit(void *context)
{
    const struct outbox *outbox = context;
    uint64_t one = 1;
    ssize_t written = write(outbox->wake, &one, sizeof(one));
    (void)written; /* the counter is full: the sender is awake anyway */
}

enum err outbox_start(const struct outbox_options *options, struct outbox **result,
                      struct problem *problem)
{
    struct arena arena;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return problem_set(problem, ERR_INTERNAL, ERR_CTEXT("libcurl"));
    arena_init(&arena);
    struct outbox *outbox = ARENA_NEW(&arena, struct outbox);
    outbox->arena = arena;
    outbox->options = *options;
    outbox->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    outbox->thread_runs =
        outbox->wake >= 0 && pthread_create(&outbox->thread, NULL, outbox_send, outbox) == 0;
    if (!outbox->thread_runs) {
        outbox_stop(outbox);
        return problem_set(problem, ERR_INTERNAL, ERR_KEY(N_("no thread could be begun")));
    }
    store_on_commit(options->store, on_commit, outbox);
    on_commit(outbox); /* what was entered meanwhile */
    *result = outbox;
    return ERR_OK;
}

void outbox_stop(struct outbox *outbox)
{
    struct arena arena = outbox->arena;
    atomic_store(&outbox->stopping, true);
    if (outbox->thread_runs) {
        store_on_commit_end(outbox->options.store, on_commit, outbox);
        on_commit(outbox);
        pthread_join(outbox->thread, NULL);
    }
    if (outbox->wake >= 0)
        close(outbox->wake);
    curl_global_cleanup();
    arena_clear(&arena);
}
