/** Makes, changes and removes installations on AWS; knows nothing of screens. */
@NullMarked
package io.amcinsights.desktop.deployment;

import org.jspecify.annotations.NullMarked;
