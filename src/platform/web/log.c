/* One JSON line a request. The route's pattern stands for the path, which may hold a secret. */
#include "core/json.h"
#include "platform/web/call.h"
#include "platform/web/state.h"

void call_log(struct call *call)
{
    const struct request *request = &call->request;
    const struct web_site *site = request->site;
    int64_t duration_us = site_monotonic_us(site) - call->started_us;
    size_t bytes = call->is_head ? 0 : call->reply.body.length;
    metrics_count(&site->state->metrics, &site->state->router, call->entry, call->reply.status,
                  duration_us, bytes);
    if (site->log == NULL)
        return;
    struct json_writer json;
    struct buf line;
    buf_init(&line);
    json_writer_init(&json, &line, false);
    json_object_begin(&json);
    json_key(&json, "time_ms");
    json_put_int(&json, request->now_ms);
    json_key(&json, "request");
    json_put_text(&json, request->request_id);
    json_key(&json, "method");
    json_put_text(&json, call->is_head ? STR("HEAD")
                                       : (request->method == WEB_POST ? STR("POST") : STR("GET")));
    json_key(&json, "route");
    json_put_text(&json, str_from_c(request->route == NULL ? "" : request->route->path));
    json_key(&json, "api");
    json_put_bool(&json, call->is_api);
    json_key(&json, "status");
    json_put_int(&json, call->reply.status);
    json_key(&json, "error");
    json_put_text(&json, str_from_c(call->reply.code == ERR_OK ? "" : err_name(call->reply.code)));
    json_key(&json, "us");
    json_put_int(&json, duration_us);
    json_key(&json, "bytes");
    json_put_int(&json, (int64_t)bytes);
    json_key(&json, "person");
    json_put_int(&json, request->viewer.person);
    json_object_end(&json);
    site->log(site->log_context, buf_str(&line));
    buf_clear(&line);
}
