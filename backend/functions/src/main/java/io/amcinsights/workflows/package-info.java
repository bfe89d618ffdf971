/** Workflow Manager: the query library, workflows, their runs and schedules. */
@NullMarked
package io.amcinsights.workflows;

import org.jspecify.annotations.NullMarked;
