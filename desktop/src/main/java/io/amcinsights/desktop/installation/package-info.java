/** The screen on which an installation on AWS is deployed, updated and removed. */
@NullMarked
package io.amcinsights.desktop.installation;

import org.jspecify.annotations.NullMarked;
