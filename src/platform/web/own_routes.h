/* web/own_routes: health, metrics, events, the API's description, language and theme. Internal. */
#ifndef PLATFORM_WEB_OWN_ROUTES_H
#define PLATFORM_WEB_OWN_ROUTES_H

#include "platform/web/route.h"

extern const struct web_table web_own_routes;

#endif
