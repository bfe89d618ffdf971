/**
 * Step Functions: the Amazon States Language in JSONata mode, kept so that a kill loses nothing.
 */
@NullMarked
package io.amcinsights.local.states;

import org.jspecify.annotations.NullMarked;
