#include "platform/web/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/text.h"
#include "platform/web/state.h"

/* ---- memory of requests ---- */

struct visit *server_visit_take(struct web_server *server)
{
    atomic_fetch_add(&server->in_flight, 1);
    pthread_mutex_lock(&server->lock);
    struct visit *visit = server->free_visits;
    if (visit != NULL) {
        server->free_visits = visit->free_next;
        pthread_mutex_unlock(&server->lock);
        visit->free_next = NULL;
        return visit;
    }
    visit = ARENA_NEW(&server->arena, struct visit);
    pthread_mutex_unlock(&server->lock);
    call_init(&visit->call);
    return visit;
}

void server_visit_return(struct web_server *server, struct visit *visit)
{
    call_reset(&visit->call);
    visit->connection = NULL;
    visit->stage = VISIT_NEW;
    visit->next = CALL_REPLY;
    visit->counted_bytes = 0;
    visit->target = visit->wire_target = (struct str){0};
    pthread_mutex_lock(&server->lock);
    visit->free_next = server->free_visits;
    server->free_visits = visit;
    pthread_mutex_unlock(&server->lock);
    atomic_fetch_sub(&server->in_flight, 1);
}

/* ---- the ticker: deadlines and heartbeats ---- */

static void deadlines_keep(struct web_server *server)
{
    int64_t now_us = site_monotonic_us(server->site);
    atomic_store_explicit(&server->tick_us, now_us, memory_order_relaxed);
    pthread_mutex_lock(&server->lock);
    for (struct connection *own = server->connections; own != NULL; own = own->next) {
        int64_t at_us = atomic_load_explicit(&own->deadline_us, memory_order_relaxed);
        /* The library sees the end of the connection and cleans up; it closes the socket only
         * after http_connection has taken it off this list. */
        if (at_us != 0 && at_us < now_us)
            shutdown(own->socket, SHUT_RDWR);
    }
    pthread_mutex_unlock(&server->lock);
}

static void *tick(void *context)
{
    struct web_server *server = context;
    struct pollfd end = {.fd = server->ticker_end[0], .events = POLLIN};
    for (int seconds = 1;; seconds++) {
        if (poll(&end, 1, 1000) != 0)
            return NULL;
        deadlines_keep(server);
        if (seconds % server->options.beat_seconds == 0)
            events_wake_all(server->site->state->events);
    }
}

/* ---- start ---- */

static enum err fail(struct problem *problem, const struct web_options *options)
{
    int number = errno;
    problem_set(problem, ERR_LISTEN, ERR_CTEXT(strerror(number)));
    return problem_place(problem, "%s:%d", options->address, options->port);
}

static int or_else(int value, int otherwise)
{
    return value > 0 ? value : otherwise;
}

static void defaults_fill(struct web_options *options)
{
    int cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
    cores = or_else(cores, 1);
    options->threads = or_else(options->threads, cores);
    options->workers = or_else(options->workers, cores);
    options->header_seconds = or_else(options->header_seconds, 20);
    options->body_seconds = or_else(options->body_seconds, 30);
    options->idle_seconds = or_else(options->idle_seconds, 75);
    options->beat_seconds = or_else(options->beat_seconds, 20);
    options->connections = or_else(options->connections, 4000);
}

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static bool address_read(const struct web_options *options, union address *address,
                         socklen_t *length)
{
    memset(address, 0, sizeof(*address));
    if (inet_pton(AF_INET, options->address, &address->v4.sin_addr) == 1) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons((uint16_t)options->port);
        *length = sizeof(address->v4);
        return true;
    }
    address->v6.sin6_family = AF_INET6;
    address->v6.sin6_port = htons((uint16_t)options->port);
    *length = sizeof(address->v6);
    errno = EADDRNOTAVAIL;
    return inet_pton(AF_INET6, options->address, &address->v6.sin6_addr) == 1;
}

static enum err listen_open(struct web_server *server, struct problem *problem)
{
    const struct web_options *options = &server->options;
    union address address;
    socklen_t length;
    int one = 1;
    int zero = 0;
    if (!address_read(options, &address, &length))
        return fail(problem, options);
    int listener = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0)
        return fail(problem, options);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (address.any.sa_family == AF_INET6)
        setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero));
    if (bind(listener, &address.any, length) != 0 || listen(listener, 1024) != 0 ||
        getsockname(listener, &address.any, &length) != 0) {
        enum err code = fail(problem, options);
        close(listener);
        return code;
    }
    server->listen_socket = listener;
    server->port =
        ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
    return ERR_OK;
}

/* Escapes stay as they are sent: the router resolves them, and only in parameters. */
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

static void be_silent(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

static struct MHD_Daemon *daemon_start(struct web_server *server)
{
    const struct web_options *options = &server->options;
    struct MHD_OptionItem items[] = {
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)be_silent, NULL},
        {MHD_OPTION_LISTEN_SOCKET, server->listen_socket, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, options->connections, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, 120, NULL},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)http_target, server},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)keep_escapes, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)http_completed, server},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)http_connection, server},
        {options->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, options->threads,
         NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        http_request, server, MHD_OPTION_ARRAY, items, MHD_OPTION_END);
}

static void server_clear(struct web_server *server)
{
    for (struct visit *visit = server->free_visits; visit != NULL; visit = visit->free_next)
        call_clear(&visit->call);
    pthread_mutex_destroy(&server->lock);
    struct arena arena = server->arena; /* holds the server itself */
    arena_clear(&arena);
}

enum err web_start(const struct web_options *options, struct web_site *site,
                   struct web_server **result, struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    struct web_server *server = ARENA_NEW(&arena, struct web_server);
    server->arena = arena;
    server->site = site;
    server->options = *options;
    defaults_fill(&server->options);
    pthread_mutex_init(&server->lock, NULL);
    enum err code = listen_open(server, problem);
    if (code != ERR_OK) {
        server_clear(server);
        return code;
    }
    server->tick_us = site_monotonic_us(site);
    signal(SIGPIPE, SIG_IGN);
    events_wake_set(site->state->events, stream_wake, server);
    server->workers = workers_start(&server->arena, server->options.workers);
    server->daemon = daemon_start(server);
    if (server->daemon == NULL || pipe2(server->ticker_end, O_CLOEXEC) != 0 ||
        pthread_create(&server->ticker, NULL, tick, server) != 0) {
        code = fail(problem, options);
        if (server->daemon != NULL)
            MHD_stop_daemon(server->daemon);
        else
            close(server->listen_socket);
        workers_stop(server->workers);
        server_clear(server);
        return code;
    }
    *result = server;
    return ERR_OK;
}

int web_port(const struct web_server *server)
{
    return server->port;
}

/* ---- stop ---- */

/* True when `count` has come to nothing within the time; 0: whatever it takes. */
static bool wait_for_none(struct web_server *server, atomic_int *count, int64_t seconds)
{
    int64_t until_us = site_monotonic_us(server->site) + seconds * 1000000;
    while (atomic_load(count) > 0) {
        if (seconds > 0 && site_monotonic_us(server->site) > until_us)
            return false;
        poll(NULL, 0, 5);
    }
    return true;
}

enum { STOP_SECONDS = 10, STREAM_STOP_SECONDS = 2 };

void web_stop(struct web_server *server)
{
    struct web_state *state = server->site->state;
    atomic_store(&server->closing, true);
    int listener = MHD_quiesce_daemon(server->daemon);
    wait_for_none(server, &server->in_flight, STOP_SECONDS);
    atomic_store(&server->ending, true);
    events_wake_all(state->events);
    for (int i = 0; i < STREAM_STOP_SECONDS * 200 && atomic_load(&state->metrics.streams) > 0;
         i++) {
        events_wake_all(state->events);
        poll(NULL, 0, 5);
    }
    /* The library must not be stopped while a connection is suspended. */
    wait_for_none(server, &server->waiting, 0);
    close(server->ticker_end[1]);
    pthread_join(server->ticker, NULL);
    close(server->ticker_end[0]);
    MHD_stop_daemon(server->daemon);
    if (listener >= 0)
        close(listener);
    workers_stop(server->workers);
    events_wake_set(state->events, NULL, NULL);
    server_clear(server);
}
