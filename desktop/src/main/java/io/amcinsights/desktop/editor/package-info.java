/** The editor for SQL of both dialects. */
@NullMarked
package io.amcinsights.desktop.editor;

import org.jspecify.annotations.NullMarked;
