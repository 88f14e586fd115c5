/* load: a small load generator: some connections kept alive on loopback, one thread, epoll. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "core/base.h"
#include "core/str.h"

enum { LOAD_BUCKETS = 4096 };

struct load {
    int port;
    int connections;
    struct str request;
    double seconds;
    double rate; /* requests a second, all connections together; 0: as fast as answers come */
    int status;  /* wanted of every answer */
};

struct load_result {
    int64_t answers;
    int64_t wrong; /* another status, or a connection that ended */
    double seconds;
    double rate;
    double p50_ms, p99_ms, most_ms;
};

/* Sends until the time is over. Paced requests are timed from when they were due. */
void load_run(const struct load *load, struct load_result *result);
/* A connection, or -1. */
int load_connect(int port);
double load_now(void);

#endif
