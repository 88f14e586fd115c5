/* main/background: what goes on besides requests: jobs and the outbox, with the rooms' kinds of
 * work and the site's own settings. */
#ifndef MAIN_BACKGROUND_H
#define MAIN_BACKGROUND_H

#include "platform/jobs/jobs.h"
#include "platform/outbox/outbox.h"
#include "platform/web/web.h"

struct background {
    struct arena arena;
    struct outbox_config config; /* DATA/site.json */
    struct outbox *outbox;
    struct jobs *jobs;
};

/* After store_open and web_site_open, before requests are taken. Progress of jobs is published on
 * the topic "job/TENANT/ID". Errors of the settings name file and field. */
MUST_USE enum err background_start(struct background *background, const char *folder,
                                   struct web_site *site, struct problem *problem);
/* After the last request, before web_site_close and store_close. */
void background_stop(struct background *background);
/* May this viewer hear of a topic: jobs of their own organisation. */
bool background_may_hear(const struct viewer *viewer, struct str topic);

#endif
