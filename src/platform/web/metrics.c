#include "platform/web/metrics.h"

static const int64_t bucket_us[METRICS_BUCKETS] = {100,   250,   500,    1000,   2500,    5000,
                                                   10000, 25000, 100000, 250000, 1000000, 5000000};
static const char *const bucket_names[METRICS_BUCKETS] = {"0.0001", "0.00025", "0.0005", "0.001",
                                                          "0.0025", "0.005",   "0.01",   "0.025",
                                                          "0.1",    "0.25",    "1",      "5"};

static void add(atomic_uint_fast64_t *counter, uint64_t value)
{
    atomic_fetch_add_explicit(counter, value, memory_order_relaxed);
}

static uint64_t value_of(const atomic_uint_fast64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void metrics_count(struct metrics *metrics, const struct router *router,
                   const struct route_entry *entry, int status, int64_t duration_us, size_t bytes)
{
    int row = entry == NULL ? router->count : entry->index;
    int hundreds = status / 100;
    int bucket = 0;
    if (hundreds < 0 || hundreds >= METRICS_CLASSES)
        hundreds = 0;
    if (duration_us < 0)
        duration_us = 0;
    while (bucket < METRICS_BUCKETS && duration_us > bucket_us[bucket])
        bucket++;
    add(&metrics->routes[row].by_status[hundreds], 1);
    add(&metrics->buckets[bucket], 1);
    add(&metrics->duration_us, (uint64_t)duration_us);
    add(&metrics->bytes, bytes);
}

static void put_head(struct buf *text, const char *name, const char *type, const char *help)
{
    buf_format(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_value(struct buf *text, const char *name, const char *type, const char *help,
                      int64_t value)
{
    put_head(text, name, type, help);
    buf_format(text, "%s %lld\n", name, (long long)value);
}

static void put_route(struct buf *text, const struct metrics_route *row,
                      const struct web_route *route)
{
    static const char *const methods[] = {[WEB_GET] = "GET", [WEB_POST] = "POST"};
    for (int hundreds = 0; hundreds < METRICS_CLASSES; hundreds++) {
        uint64_t count = value_of(&row->by_status[hundreds]);
        if (count == 0)
            continue;
        buf_format(text, "sampan_requests_total{method=\"%s\",route=\"%s\",status=\"%dxx\"} %llu\n",
                   route == NULL ? "" : methods[route->method], route == NULL ? "" : route->path,
                   hundreds, (unsigned long long)count);
    }
}

static void put_histogram(struct buf *text, const struct metrics *metrics)
{
    static const char name[] = "sampan_request_seconds";
    uint64_t sum = 0;
    put_head(text, name, "histogram", "From the head of a request to its answer.");
    for (int i = 0; i < METRICS_BUCKETS; i++) {
        sum += value_of(&metrics->buckets[i]);
        buf_format(text, "%s_bucket{le=\"%s\"} %llu\n", name, bucket_names[i],
                   (unsigned long long)sum);
    }
    sum += value_of(&metrics->buckets[METRICS_BUCKETS]);
    buf_format(text, "%s_bucket{le=\"+Inf\"} %llu\n%s_sum ", name, (unsigned long long)sum, name);
    buf_append_double(text, (double)value_of(&metrics->duration_us) / 1e6);
    buf_format(text, "\n%s_count %llu\n", name, (unsigned long long)sum);
}

void metrics_put(struct buf *text, const struct metrics *metrics, const struct router *router)
{
    put_head(text, "sampan_requests_total", "counter", "Requests by route and status.");
    for (int i = 0; i <= router->count; i++)
        put_route(text, &metrics->routes[i], i == router->count ? NULL : router->entries[i].route);
    put_histogram(text, metrics);
    put_value(text, "sampan_sent_bytes_total", "counter", "Bytes of bodies sent.",
              (int64_t)value_of(&metrics->bytes));
    put_value(text, "sampan_writes_total", "counter", "Write handlers committed or refused.",
              (int64_t)value_of(&metrics->writes));
    put_value(text, "sampan_writes_waiting", "gauge", "Write handlers waiting for the writer.",
              atomic_load(&metrics->writes_waiting));
    put_value(text, "sampan_streams", "gauge", "Event streams open.",
              atomic_load(&metrics->streams));
    put_value(text, "sampan_connections", "gauge", "Connections open.",
              atomic_load(&metrics->connections));
    put_value(text, "sampan_receiving_bytes", "gauge", "Bytes of bodies being received.",
              atomic_load(&metrics->bodies_bytes));
}
