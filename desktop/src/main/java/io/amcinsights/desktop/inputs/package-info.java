/** What a run reads, entered by people: its time window and the values of its parameters. */
@NullMarked
package io.amcinsights.desktop.inputs;

import org.jspecify.annotations.NullMarked;
