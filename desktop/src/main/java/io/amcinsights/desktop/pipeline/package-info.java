/** Runs, executions and deliveries on their way from the queue to the lake. */
@NullMarked
package io.amcinsights.desktop.pipeline;

import org.jspecify.annotations.NullMarked;
