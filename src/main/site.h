/* main/site: the rooms, put together: their tables, the hooks of web, the frame of error pages. */
#ifndef MAIN_SITE_H
#define MAIN_SITE_H

#include "platform/web/web.h"

/* Fills everything of `site` that does not depend on how it is started. */
void site_fill(struct web_site *site);

#endif
