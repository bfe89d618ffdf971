@NullMarked
package io.amcinsights.local.s3;

import org.jspecify.annotations.NullMarked;
