/* The server beside its HTTP library's hello world, in one run: requests a second, CPU a request,
 * p99, memory at rest and under idle event streams, time from start to the first answer.
 *
 * Every server is a process of its own, so that its CPU time and memory are its own. Load comes
 * from this process, on the same cores, the same for all. */
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/file.h"
#include "load.h"
#include "platform/web/route.h"
#include "web_rooms.h"

enum { CLIENTS = 64, STREAMS = 1000, REPEATS = 3 };
static const double RUN_SECONDS = 2.0;

static void line(const char *name, double value, const char *unit, const char *sign, double goal)
{
    bool good = sign[0] == '>' ? value >= goal : value <= goal;
    printf("bench %s %.4g %s goal %s %.4g %s\n", name, value, unit, sign, goal,
           good ? "ok" : "short");
    fflush(stdout);
}

/* ---- (a) the library's hello world: its own example, with our number of threads ---- */

static const char hello_text[] = "<html><head><title>Hello</title></head><body>Hello</body></html>";

static enum MHD_Result hello(void *context, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *bytes,
                             size_t *byte_count, void **seen)
{
    static int first;
    (void)context;
    (void)url;
    (void)version;
    (void)bytes;
    (void)byte_count;
    if (strcmp(method, "GET") != 0)
        return MHD_NO;
    if (*seen != &first) {
        *seen = &first;
        return MHD_YES;
    }
    *seen = NULL;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof(hello_text) - 1, (void *)(uintptr_t)hello_text, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

static int hello_start(const char *folder)
{
    (void)folder;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, hello, NULL, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)sysconf(_SC_NPROCESSORS_ONLN), MHD_OPTION_END);
    return daemon == NULL ? 0 : MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

/* ---- (b) our smallest page: route, snapshot, page, security headers ---- */

enum { PERMISSION_BENCH_ANYONE };

#define ROUTES_FILE "../bench/web_bench_routes.def"
#define ROUTES_TABLE bench_routes
#include "platform/web/route_table.def"

enum err bench_smallest(struct request *request)
{
    buf_append(answer_page(request)->out, STR(hello_text));
    return ERR_OK;
}

static bool may(const struct viewer *viewer, int permission)
{
    (void)viewer;
    return permission == PERMISSION_BENCH_ANYONE;
}

static bool may_hear(const struct viewer *viewer, struct str topic)
{
    (void)viewer;
    (void)topic;
    return true;
}

static int64_t now_ms(void *context)
{
    struct timespec now;
    (void)context;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t monotonic_us(void *context)
{
    (void)context;
    return (int64_t)(load_now() * 1e6);
}

static void log_nowhere(void *context, struct str text)
{
    (void)context;
    (void)text;
}

static const struct web_table *const tables[] = {&bench_routes, NULL};
static const struct store_migration no_migrations[1];

static int ours_start(const char *folder)
{
    static struct web_site site;
    static struct web_server *server;
    struct problem problem;
    struct web_options options = {.address = "127.0.0.1"};
    struct store_options store_options = {
        .folder = folder, .migrations = no_migrations, .readers = 16, .now_ms = now_ms};
    site = (struct web_site){.tables = tables,
                             .prefix = "",
                             .may = may,
                             .may_hear = may_hear,
                             .log = log_nowhere,
                             .now_ms = now_ms,
                             .monotonic_us = monotonic_us};
    if (store_open(&store_options, &site.store, &problem) != ERR_OK ||
        web_site_open(&site, &problem) != ERR_OK ||
        web_start(&options, &site, &server, &problem) != ERR_OK) {
        fprintf(stderr, "%s at %s\n", err_name(problem.code), problem.place);
        return 0;
    }
    return web_port(server);
}

/* ---- servers as processes ---- */

struct child {
    pid_t process;
    int port;
};

static struct child child_start(int (*start)(const char *folder), const char *folder)
{
    int ends[2];
    struct child child = {0};
    if (pipe(ends) != 0)
        exit(1);
    child.process = fork();
    if (child.process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody is left behind when this one is stopped */
        int port = start(folder);
        if (write(ends[1], &port, sizeof(port)) != sizeof(port))
            _exit(1);
        for (;;)
            pause();
    }
    if (read(ends[0], &child.port, sizeof(child.port)) != sizeof(child.port) || child.port == 0) {
        fprintf(stderr, "a server did not start\n");
        exit(1);
    }
    close(ends[0]);
    close(ends[1]);
    return child;
}

static void child_end(struct child child)
{
    kill(child.process, SIGKILL);
    waitpid(child.process, NULL, 0);
}

/* A field of /proc/PID/status in KiB, or of stat's CPU ticks. */
static double resident_mb(pid_t process)
{
    char path[64];
    char text[256];
    double kib = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)process);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(text, sizeof(text), file) != NULL) {
        long value;
        if (sscanf(text, "VmRSS: %ld kB", &value) == 1)
            kib = (double)value;
    }
    if (file != NULL)
        fclose(file);
    return kib / 1024;
}

static double cpu_seconds(pid_t process)
{
    char path[64];
    unsigned long user = 0;
    unsigned long system = 0;
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    int got =
        fscanf(file, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    fclose(file);
    return got == 2 ? (double)(user + system) / (double)sysconf(_SC_CLK_TCK) : 0;
}

/* ---- measures ---- */

struct measure {
    double rate;
    double cpu_us;
    double p99_ms;      /* at full load */
    double half_p99_ms; /* at half of it */
};

/* A page under load: the best of some runs, then paced at half of that. */
static struct measure page_measure(struct child child, struct str request, int status)
{
    struct load load = {
        .port = child.port, .connections = CLIENTS, .request = request, .status = status};
    struct load_result result;
    struct measure measure = {0};
    load.seconds = 0.3;
    load_run(&load, &result);
    load.seconds = RUN_SECONDS;
    for (int i = 0; i < REPEATS; i++) {
        double before = cpu_seconds(child.process);
        load_run(&load, &result);
        if (result.wrong > 0) {
            fprintf(stderr, "%lld answers were wrong\n", (long long)result.wrong);
            exit(1);
        }
        if (result.rate < measure.rate)
            continue;
        measure.rate = result.rate;
        measure.cpu_us = (cpu_seconds(child.process) - before) * 1e6 / (double)result.answers;
        measure.p99_ms = result.p99_ms;
    }
    load.rate = measure.rate / 2;
    load_run(&load, &result);
    measure.half_p99_ms = result.p99_ms;
    return measure;
}

static void measure_print(const char *name, const struct measure *measure)
{
    printf("%s: %.0f requests/s, %.1f us of CPU each, p99 %.2f ms (%.2f ms at half load)\n", name,
           measure->rate, measure->cpu_us, measure->p99_ms, measure->half_p99_ms);
    fflush(stdout);
}

static const char get_smallest[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
static const char get_events[] =
    "GET /events?topics=runs HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";

static double streams_mb(struct child child)
{
    static int sockets[STREAMS];
    char bytes[2048];
    double before = resident_mb(child.process);
    for (int i = 0; i < STREAMS; i++) {
        sockets[i] = load_connect(child.port);
        ssize_t sent = send(sockets[i], get_events, sizeof(get_events) - 1, MSG_NOSIGNAL);
        ssize_t got = sent < 0 ? -1 : recv(sockets[i], bytes, sizeof(bytes), 0);
        if (got < 12 || memcmp(bytes + 9, "200", 3) != 0) {
            fprintf(stderr, "stream %d was not opened\n", i);
            exit(1);
        }
    }
    double after = resident_mb(child.process);
    double cpu_before = cpu_seconds(child.process);
    poll(NULL, 0, 3000);
    printf("%d idle streams: %.1f MB more, %.1f KB each; %.2f%% of a core\n", STREAMS,
           after - before, (after - before) * 1024 / STREAMS,
           (cpu_seconds(child.process) - cpu_before) / 3 * 100);
    for (int i = 0; i < STREAMS; i++)
        close(sockets[i]);
    return after;
}

/* The program itself, from its start to its first answer, and its memory then. */
static void program_measure(const char *program, const char *folder)
{
    char bytes[4096];
    int out[2];
    double best_ms = 1e9;
    double rest_mb = 0;
    for (int i = 0; i < REPEATS; i++) {
        double start = load_now();
        if (pipe(out) != 0)
            exit(1);
        pid_t process = fork();
        if (process == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            dup2(out[1], STDOUT_FILENO);
            if (freopen("/dev/null", "w", stderr) == NULL)
                _exit(1);
            execl(program, program, "serve", "--data", folder, "--listen", "127.0.0.1:0",
                  (char *)NULL);
            _exit(1);
        }
        close(out[1]);
        ssize_t got = read(out[0], bytes, sizeof(bytes) - 1);
        int port = 0;
        bytes[got < 0 ? 0 : got] = '\0';
        const char *at = strstr(bytes, "127.0.0.1:");
        if (at == NULL || sscanf(at, "127.0.0.1:%d", &port) != 1) {
            fprintf(stderr, "the program did not start\n");
            exit(1);
        }
        static const char get[] = "GET /design HTTP/1.1\r\nHost: localhost\r\n\r\n";
        int client = load_connect(port);
        if (send(client, get, sizeof(get) - 1, MSG_NOSIGNAL) < 0 ||
            recv(client, bytes, sizeof(bytes), 0) < 12 || memcmp(bytes + 9, "200", 3) != 0)
            exit(1);
        double taken_ms = (load_now() - start) * 1e3;
        best_ms = taken_ms < best_ms ? taken_ms : best_ms;
        close(client);
        poll(NULL, 0, 300);
        rest_mb = resident_mb(process);
        kill(process, SIGTERM);
        waitpid(process, NULL, 0);
        close(out[0]);
    }
    line("web_first_answer", best_ms, "ms", "<=", 100);
    line("web_rest_memory", rest_mb, "MB", "<=", 40);
}

/* (c) and (d): a signed-in list of 50 rows among many people, and a form that saves a row. */
static void rooms_measure(const char *folder, const struct measure *library)
{
    struct str list;
    struct str save;
    struct child child = child_start(rooms_start, folder);
    if (!rooms_requests(child.port, &list, &save)) {
        fprintf(stderr, "nobody could sign in\n");
        exit(1);
    }
    struct measure c = page_measure(child, list, 200);
    measure_print("(c) list of people, signed in", &c);
    line("web_list_page", c.rate / library->rate, "of_hello_world", ">=", 0.25);
    line("web_list_half_load_p99", c.half_p99_ms, "ms", "<=", 20);
    struct measure d = page_measure(child, save, 200);
    measure_print("(d) a form saved", &d);
    line("web_saves", d.rate, "saves/s", ">=", 2000);
    printf("memory with %d people: %.1f MB\n", ROOMS_PEOPLE, resident_mb(child.process));
    child_end(child);
}

int main(void)
{
    char folder[] = "/tmp/sampan-bench-XXXXXX";
    struct problem problem;
    if (mkdtemp(folder) == NULL)
        return 1;
    struct child library = child_start(hello_start, folder);
    struct measure a = page_measure(library, STR(get_smallest), 200);
    child_end(library);
    measure_print("(a) hello world of the library", &a);
    struct child ours = child_start(ours_start, folder);
    struct measure b = page_measure(ours, STR(get_smallest), 200);
    measure_print("(b) our smallest page", &b);
    line("web_smallest_page", b.rate / a.rate, "of_hello_world", ">=", 0.6);
    double with_streams = streams_mb(ours);
    line("web_1000_streams_memory", with_streams, "MB", "<=", 80);
    child_end(ours);
    /* A folder of its own: other migrations than ours belong to the program. */
    char site_folder[sizeof(folder) + 8];
    snprintf(site_folder, sizeof(site_folder), "%s/site", folder);
    program_measure(SAMPAN_PROGRAM, site_folder);
    snprintf(site_folder, sizeof(site_folder), "%s/rooms", folder);
    rooms_measure(site_folder, &a);
    return folder_remove(folder, &problem) == ERR_OK ? 0 : 1;
}
