/** Workflows: the list, the query library, the editor of AMC SQL, and asking for a run. */
@NullMarked
package io.amcinsights.desktop.workflows;

import org.jspecify.annotations.NullMarked;
