"""What people type in case studies: its shape; what it means is decided by actions."""
