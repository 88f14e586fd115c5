/* web_rooms: the room people with 20,000 persons, as a server to be measured. */
#ifndef BENCH_WEB_ROOMS_H
#define BENCH_WEB_ROOMS_H

#include "core/str.h"

enum { ROOMS_PEOPLE = 20000 };

/* Fills a site in the folder and serves it: the port, 0 when it fails. */
int rooms_start(const char *folder);
/* Signs in over HTTP as somebody who may see the list: its GET, and the POST of a form that saves a
 * row, in memory of their own. False when signing in fails. */
bool rooms_requests(int port, struct str *list, struct str *save);

#endif
