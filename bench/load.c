#include "load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 1024, READ_BYTES = 256 << 10, BUCKET_US = 20 };

struct client {
    int socket;
    double due; /* when the request in flight should have been sent */
    bool in_flight;
    char head[2048]; /* what has come of an answer's head */
    size_t head_length;
    int64_t body_left; /* -1: the head is not whole yet */
};

static struct client clients[CONNECTIONS_MAX];
static int64_t buckets[LOAD_BUCKETS];

double load_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int load_connect(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int one = 1;
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (client >= 0 && connect(client, (struct sockaddr *)&address, sizeof(address)) != 0) {
        close(client);
        return -1;
    }
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return client;
}

static void client_send(struct client *client, const struct load *load, double due)
{
    client->due = due;
    client->in_flight = true;
    client->head_length = 0;
    client->body_left = -1;
    ssize_t sent = send(client->socket, load->request.text, load->request.length, MSG_NOSIGNAL);
    (void)sent; /* a request fits into a socket's buffer; an end shows when reading */
}

/* The head is whole: how long is the body, is the status right? */
static bool head_read(struct client *client, size_t head_end, int status)
{
    static const char name[] = "Content-Length: ";
    char wanted[16];
    int64_t length = 0;
    const char *at = memmem(client->head, head_end, name, sizeof(name) - 1);
    struct str digits = {at == NULL ? "" : at + sizeof(name) - 1, 0};
    while (at != NULL && digits.text[digits.length] >= '0' && digits.text[digits.length] <= '9')
        digits.length++;
    client->body_left = at != NULL && str_to_int64(digits, &length) ? length : 0;
    wanted[0] = (char)('0' + status / 100);
    wanted[1] = (char)('0' + status / 10 % 10);
    wanted[2] = (char)('0' + status % 10);
    return client->head_length > 12 && memcmp(client->head + 9, wanted, 3) == 0;
}

/* True when the answer is whole with these bytes. */
static bool bytes_take(struct client *client, const char *bytes, size_t count, int status,
                       int64_t *wrong)
{
    if (client->body_left < 0) {
        size_t room = sizeof(client->head) - client->head_length;
        size_t taken = count < room ? count : room;
        size_t before = client->head_length;
        memcpy(client->head + before, bytes, taken);
        client->head_length += taken;
        const char *end = memmem(client->head, client->head_length, "\r\n\r\n", 4);
        if (end == NULL)
            return false;
        size_t head_end = (size_t)(end - client->head) + 4;
        *wrong += !head_read(client, head_end, status);
        client->body_left -= (int64_t)(count - (head_end - before));
    } else {
        client->body_left -= (int64_t)count;
    }
    return client->body_left <= 0;
}

static void latency_keep(double seconds)
{
    int64_t bucket = (int64_t)(seconds * 1e6 / BUCKET_US);
    buckets[bucket < 0 ? 0 : bucket < LOAD_BUCKETS ? bucket : LOAD_BUCKETS - 1]++;
}

static double quantile_ms(int64_t count, double share)
{
    int64_t left = (int64_t)((double)count * share);
    for (int i = 0; i < LOAD_BUCKETS; i++) {
        left -= buckets[i];
        if (left < 0)
            return (i + 1) * BUCKET_US * 1e-3;
    }
    return LOAD_BUCKETS * BUCKET_US * 1e-3;
}

/* Paced: send what is due on connections that are free; a due time that finds none waits. */
static void due_send(const struct load *load, double start, double now, int64_t *sent)
{
    for (int i = 0; i < load->connections; i++) {
        double due = start + (double)*sent / load->rate;
        if (due > now)
            return;
        if (clients[i].in_flight)
            continue;
        client_send(&clients[i], load, due);
        (*sent)++;
    }
}

void load_run(const struct load *load, struct load_result *result)
{
    static char bytes[READ_BYTES];
    struct epoll_event events[256];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    int64_t sent = 0;
    memset(result, 0, sizeof(*result));
    memset(buckets, 0, sizeof(buckets));
    for (int i = 0; i < load->connections; i++) {
        clients[i] = (struct client){.socket = load_connect(load->port)};
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].socket, &event);
    }
    double start = load_now();
    double now = start;
    for (int i = 0; load->rate == 0 && i < load->connections; i++)
        client_send(&clients[i], load, start);
    while (now - start < load->seconds) {
        if (load->rate > 0)
            due_send(load, start, now, &sent);
        int count = epoll_wait(epoll, events, 256, load->rate > 0 ? 1 : 100);
        now = load_now();
        for (int e = 0; e < count; e++) {
            struct client *client = &clients[events[e].data.u32];
            ssize_t got = recv(client->socket, bytes, sizeof(bytes), 0);
            if (got <= 0) {
                result->wrong++;
                close(client->socket);
                client->socket = -1;
                continue;
            }
            if (!client->in_flight ||
                !bytes_take(client, bytes, (size_t)got, load->status, &result->wrong))
                continue;
            result->answers++;
            latency_keep(now - client->due);
            client->in_flight = false;
            if (load->rate == 0)
                client_send(client, load, now);
        }
    }
    for (int i = 0; i < load->connections; i++) {
        if (clients[i].socket >= 0)
            close(clients[i].socket);
    }
    close(epoll);
    result->seconds = now - start;
    result->rate = (double)result->answers / result->seconds;
    result->p50_ms = quantile_ms(result->answers, 0.50);
    result->p99_ms = quantile_ms(result->answers, 0.99);
    result->most_ms = quantile_ms(result->answers, 1.0 - 1e-9);
}
