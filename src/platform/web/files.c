#include "platform/web/files.h"

#include <string.h>

static const struct web_file *file_find(const struct web_site *site, struct str path)
{
    size_t low = 0;
    size_t high = site->file_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(path, str_from_c(site->files[middle].path));
        if (order == 0)
            return &site->files[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Is `word` an element of a comma list, whatever parameters follow it (but q=0)? */
static bool list_has(struct str list, struct str word)
{
    while (list.length > 0) {
        size_t end = str_find_byte(list, ',');
        struct str element = str_trim(str_slice(list, 0, end));
        list = str_slice(list, end + 1, list.length);
        size_t semicolon = str_find_byte(element, ';');
        struct str parameters = str_trim(str_slice(element, semicolon + 1, element.length));
        bool refused = str_equal(parameters, STR("q=0")) || str_equal(parameters, STR("q=0.0"));
        if (!refused && str_equal_ascii_fold(str_trim(str_slice(element, 0, semicolon)), word))
            return true;
    }
    return false;
}

/* "v=TAG" of the query is the file's own tag, without its quotes. */
static bool is_pinned(struct str query, struct str etag)
{
    return etag.length > 2 && query.length == etag.length && str_starts_with(query, STR("v=")) &&
           str_equal(str_slice(query, 2, query.length), str_slice(etag, 1, etag.length - 2));
}

enum call_next file_reply(struct call *call)
{
    const struct request *request = &call->request;
    struct web_reply *reply = &call->reply;
    struct str path = str_slice(request->path, sizeof("/static/") - 1, request->path.length);
    const struct web_file *file = file_find(request->site, path);
    if (file == NULL)
        return call_fail(call, ERR_NOT_FOUND);
    struct str etag = str_from_c(file->etag);
    reply_common_headers(call);
    reply_header(reply, "ETag", etag);
    reply_header(reply, "Vary", STR("Accept-Encoding"));
    reply_header(reply, "Cache-Control",
                 is_pinned(request->query, etag) ? STR("public, max-age=31536000, immutable")
                                                 : STR("no-cache"));
    if (list_has(call->head.if_none_match, etag) || str_equal(call->head.if_none_match, STR("*"))) {
        reply->status = 304;
        return CALL_REPLY;
    }
    reply->status = 200;
    reply_header(reply, "Content-Type", str_from_c(file->media_type));
    reply->body = file->content;
    if (file->gzip.length > 0 && list_has(call->head.accept_encoding, STR("gzip"))) {
        reply->body = file->gzip;
        reply_header(reply, "Content-Encoding", STR("gzip"));
    }
    return CALL_REPLY;
}
