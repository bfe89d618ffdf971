/** The Glue Data Catalog of the workspace: databases, tables and partitions. */
@NullMarked
package io.amcinsights.local.glue;

import org.jspecify.annotations.NullMarked;
