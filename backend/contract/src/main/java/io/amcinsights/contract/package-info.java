/**
 * What the desktop and the functions exchange: requests, the records they answer with, and the
 * expressions of time that both must read alike. No AWS, no I/O.
 */
@NullMarked
package io.amcinsights.contract;

import org.jspecify.annotations.NullMarked;
