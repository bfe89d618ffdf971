/**
 * What one screen hands over to another: each record leads to one place in the application. Apart
 * from the screens, so that they can lead to each other without knowing each other.
 */
@NullMarked
package io.amcinsights.desktop.places;

import org.jspecify.annotations.NullMarked;
