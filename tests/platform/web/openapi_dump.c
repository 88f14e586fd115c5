/* Prints the API's description of the tests' site. */
#include <stdio.h>

#include "site.h"

int main(void)
{
    struct web_site site;
    struct buf json;
    site_begin(&site, "");
    buf_init(&json);
    web_openapi(&site, &json);
    size_t written = fwrite(json.text, 1, json.length, stdout);
    bool whole = written == json.length;
    buf_clear(&json);
    site_end(&site);
    return whole ? 0 : 1;
}
