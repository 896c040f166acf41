"""What the bytes of media files say, read without a media library."""
