/** Tests against an AWS that is played over the wire. */
@NullMarked
package io.amcinsights.desktop.deployment;

import org.jspecify.annotations.NullMarked;
