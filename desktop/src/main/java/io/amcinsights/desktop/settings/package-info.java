/** Appearance, folders, and what this application is. */
@NullMarked
package io.amcinsights.desktop.settings;

import org.jspecify.annotations.NullMarked;
