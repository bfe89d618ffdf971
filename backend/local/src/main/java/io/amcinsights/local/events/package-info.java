/** How work travels by itself: queues and their consumers, event rules, timers. */
@NullMarked
package io.amcinsights.local.events;

import org.jspecify.annotations.NullMarked;
