/** The screen of the installation, against an AWS that is played over the wire. */
@NullMarked
package io.amcinsights.desktop.installation;

import org.jspecify.annotations.NullMarked;
