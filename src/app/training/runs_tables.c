/* training: what the list of routes becomes. */
#include "app/training/runs.h"
#include "app/training/training.h"
#include "app/training/training_queries.h"

#define ROUTES_FILE "app/training/routes.def"
#define ROUTES_TABLE training_routes
#include "platform/web/route_table.def"
