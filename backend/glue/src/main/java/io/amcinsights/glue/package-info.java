/** The transformation of large files as a Spark job. Its only AWS is Glue's file system. */
@NullMarked
package io.amcinsights.glue;

import org.jspecify.annotations.NullMarked;
