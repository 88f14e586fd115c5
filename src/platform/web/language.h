/* web/language: which language and theme an answer has. Internal to web. */
#ifndef PLATFORM_WEB_LANGUAGE_H
#define PLATFORM_WEB_LANGUAGE_H

#include "core/str.h"
#include "core/text.h"
#include "platform/web/web.h"

/* The cookie's language, else the best of Accept-Language (by q, then order), else English. */
enum lang language_choose(struct str cookie, struct str accept_language);
enum web_theme theme_choose(struct str cookie);

#endif
