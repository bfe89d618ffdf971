@NullMarked
package io.amcinsights.desktop.editor;

import org.jspecify.annotations.NullMarked;
